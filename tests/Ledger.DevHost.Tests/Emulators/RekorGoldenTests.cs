using System.Net;
using System.Text;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.DevHost.Tests.Emulators.Golden;
using Ledger.Testing;
using Ledger.Testing.Realms;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class RekorGoldenTests : IDisposable
{
    private const string FileServer = "file server (rekor2-front, not Rekor)", RekorServer = "rekor-server";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_fresh_emulator_answers_every_recorded_request_as_the_real_Rekor_v1_did()
    {
        await using var rekor = await Rekor1Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["rekor"] }, default);

        var differences = await Replay.DifferencesAsync("rekor-v1", rekor.Address, []);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public async Task A_fresh_emulator_answers_every_recorded_request_as_the_real_Rekor_v2_and_its_file_server_did()
    {
        await using var rekor = await StartAsync();
        // rekor-server alone, without its file server, serves no reads: that is another set-up.
        var exchanges = Exchange.Read("rekor-v2")
            .Where(e => e.Server == FileServer || (e.Server == RekorServer && !e.Name.StartsWith("direct-", StringComparison.Ordinal)));

        var differences = await Replay.DifferencesAsync(exchanges, rekor.Address, [],
            before: e => e.Name == "checkpoint-300" ? FillAsync(rekor, 300) : Task.CompletedTask);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Theory]
    [InlineData("frozen-create", FaultMode.Frozen)]
    [InlineData("pushback", FaultMode.Pushback)]
    [InlineData("volatile-duplicate", FaultMode.Ok)]
    [InlineData("volatile-after-restart", FaultMode.Forgetful)]
    [InlineData("persistent-after-restart", FaultMode.Ok)]
    public async Task What_the_real_Rekor_v2_answers_in_another_state_a_fault_answers_too(string name, FaultMode fault)
    {
        await using var rekor = await StartAsync();
        var first = Exchange.Read("rekor-v2").Single(e => e.Name == "hashedrekord-ecdsa-create");
        var exchange = Exchange.Read("rekor-v2").Single(e => e.Name == name);

        var differences = await Replay.DifferencesAsync([first with { StateOnly = true }, exchange], rekor.Address, [], e =>
        {
            rekor.Faults.Set(e == exchange ? fault : FaultMode.Ok);
            return Task.CompletedTask;
        });

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public async Task A_connection_that_was_closed_without_an_answer_leaves_an_entry_whose_retry_is_a_duplicate()
    {
        await using var rekor = await StartAsync();
        var retry = Exchange.Read("rekor-v2").Single(e => e.Name == "slow-checkpoint-retry");
        using var http = new HttpClient { BaseAddress = rekor.Address };
        rekor.Faults.Set(new Fault(FaultMode.Down) { AfterWork = true, Count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => http.PostAsync(retry.Path, new StringContent(retry.Body!)));
        var differences = await Replay.DifferencesAsync([retry], rekor.Address, [], _ => Task.CompletedTask);

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public async Task A_body_over_four_MiB_is_refused_by_Rekor_v2()
    {
        await using var rekor = await StartAsync();
        using var http = new HttpClient { BaseAddress = rekor.Address };

        using var answer = await http.PostAsync("/api/v2/log/entries", new ByteArrayContent(new byte[4 * 1024 * 1024 + 1]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("""{"code":3,"message":"http: request body too large","details":[]}""", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("rekor-v1")]
    [InlineData("rekor-v2")]
    public async Task A_comparison_sees_a_server_that_answers_otherwise(string server)
    {
        await using var other = await ProductRealms.StartAsync(folder["keycloak"]);

        var differences = await Replay.DifferencesAsync(server, other.Address, []);

        Assert.True(differences.Count > Exchange.Read(server).Count / 2, "another server went unnoticed");
    }

    private Task<Rekor2Emulator> StartAsync() =>
        Rekor2Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["rekor"] }, CancellationToken.None);

    private static async Task FillAsync(Rekor2Emulator rekor, int size)
    {
        using var signer = new Submitter();
        using var http = new HttpClient { BaseAddress = rekor.Address };
        while (rekor.Size < size)
        {
            using var content = new StringContent(signer.HashedRekord2($"entry {rekor.Size}"), Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/api/v2/log/entries", content);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
    }
}
