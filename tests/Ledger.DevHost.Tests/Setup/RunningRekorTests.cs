using System.Security.Cryptography;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.DevHost.Setup;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Setup;

public sealed class RunningRekorTests : IDisposable
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:1");

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();
    private readonly StringWriter output = new();
    private readonly StateFolder state;

    public RunningRekorTests() => state = StateFolder.Open(folder["state"]);

    public void Dispose()
    {
        state.Dispose();
        http.Dispose();
        output.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task A_log_is_called_what_its_first_checkpoint_says_when_its_key_signed_it()
    {
        await using var v1 = await Rekor1Emulator.StartAsync(Options("1") with { Origin = "rekor.example" }, default);
        await using var v2 = await Rekor2Emulator.StartAsync(Options("2") with { Origin = "rekor2.example" }, default);

        var first = await RunAsync(new(v1.Address, 1, KeyFile(v1.PublicKey), null));
        var second = await RunAsync(new(v2.Address, 2, KeyFile(v2.PublicKey), "rekor2.example"));

        Assert.Equal(("rekor.example", 1), (first.Origin, first.Version));
        Assert.Equal(("rekor2.example", 2), (second.Origin, second.Version));
        Assert.True(Path.IsPathFullyQualified(first.KeyFile));
    }

    [Fact]
    public async Task A_key_that_did_not_sign_the_checkpoint_is_refused()
    {
        await using var v1 = await Rekor1Emulator.StartAsync(Options("1"), default);
        await using var v2 = await Rekor2Emulator.StartAsync(Options("2"), default);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = KeyFile(other.ExportSubjectPublicKeyInfoPem());

        Assert.Contains("is not the key of the Rekor", await RefusalAsync(new(v1.Address, 1, key, null)), StringComparison.Ordinal);
        Assert.Contains("is not the key of the Rekor", await RefusalAsync(new(v2.Address, 2, key, null)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no PEM at all")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAX+2mIF/R1FoqE7GI7u3a0hD83CBLO8DlzJPUn3pc6kg=\n-----END PUBLIC KEY-----\n")]
    public async Task What_is_no_key_of_a_Rekor_v1_is_named_before_anything_is_asked(string pem) =>
        Assert.Contains("is not a PEM public key that a Rekor v1 signs with",
            await RefusalAsync(new(Nowhere, 1, KeyFile(pem), null)), StringComparison.Ordinal);

    [Fact]
    public async Task A_key_file_that_is_not_there_is_named() =>
        Assert.Contains("--rekor-key:", await RefusalAsync(new(Nowhere, 1, folder["nowhere"], null)), StringComparison.Ordinal);

    [Fact]
    public async Task The_name_it_showed_first_is_the_name_it_has_to_keep()
    {
        var port = FreePort.Next();
        RekorChoice choice;
        await using (var before = await Rekor1Emulator.StartAsync(Options("1", port) with { Origin = "before.example" }, default))
        {
            choice = new(before.Address, 1, KeyFile(before.PublicKey), null);
            await RunAsync(choice);
            Assert.Contains("calls itself before.example: --rekor-origin says other.example",
                await RefusalAsync(choice with { Origin = "other.example" }), StringComparison.Ordinal);
        }
        await using var after = await Rekor1Emulator.StartAsync(Options("1", port) with { Origin = "after.example" }, default);

        Assert.Contains("calls itself after.example now: it was before.example", await RefusalAsync(choice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_was_given_is_compared_at_first_contact()
    {
        await using var v2 = await Rekor2Emulator.StartAsync(Options("2"), default);

        Assert.Contains("calls itself rekor2.localhost, not rekor.example as --rekor-origin says",
            await RefusalAsync(new(v2.Address, 2, KeyFile(v2.PublicKey), "rekor.example")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_is_down_is_no_reason_not_to_start_once_its_name_is_known()
    {
        RekorChoice choice;
        await using (var rekor = await Rekor1Emulator.StartAsync(Options("1"), default))
        {
            choice = new(rekor.Address, 1, KeyFile(rekor.PublicKey), null);
            await RunAsync(choice);
        }

        Assert.Equal("rekor.localhost", (await RunAsync(choice)).Origin);
        Assert.Contains("does not answer", output.ToString(), StringComparison.Ordinal);
        var said = output.ToString();
        Assert.Contains("has to answer the first time", await RefusalAsync(choice with { Url = Nowhere }), StringComparison.Ordinal);
        Assert.Equal(said, output.ToString());
    }

    [Fact]
    public async Task The_wrong_version_is_named()
    {
        await using var v2 = await Rekor2Emulator.StartAsync(Options("2"), default);
        await using var v1 = await Rekor1Emulator.StartAsync(Options("1"), default);

        var key = KeyFile(v1.PublicKey);
        foreach (var choice in new[] { new RekorChoice(v1.Address, 2, key, null), new(v2.Address, 1, key, null) })
            Assert.Contains("is --rekor-version right?", await RefusalAsync(choice), StringComparison.Ordinal);
    }

    private EmulatorOptions Options(string name, int port = 0) => new() { StateDirectory = folder[name], Port = port };

    private string KeyFile(string pem)
    {
        var path = folder["log.pub"];
        File.WriteAllText(path, pem);
        return path;
    }

    private Task<LogAccess> RunAsync(RekorChoice choice) => new RunningRekor(http, state, output).RunAsync(choice, default);

    private async Task<string> RefusalAsync(RekorChoice choice) => (await Assert.ThrowsAsync<SetupFailed>(() => RunAsync(choice))).Message;
}
