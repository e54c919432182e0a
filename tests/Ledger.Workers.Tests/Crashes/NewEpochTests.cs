using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Npgsql;

namespace Ledger.Workers.Tests.Crashes;

/// <summary>The whole way back after a restore, as an operator and a stranger with ledger-verify go it.</summary>
public sealed class NewEpochTests
{
    private const string Fact = """{"subject":"fact","payload":"SGVsbG8gV29ybGQ="}""";

    [PostgresFact]
    public async Task A_log_behind_its_mark_goes_on_in_a_new_epoch_that_carries_the_mark_and_verifies()
    {
        await using var ledger = await LedgerProcesses.StartAsync("demo");
        Assert.Equal(0, (await ledger.OperateAsync("tenant", "add", "demo", "--public")).Code);
        await using var rekor = await Rekor1Emulator.StartAsync(new EmulatorOptions { StateDirectory = ledger.PathOf("rekor") },
            CancellationToken.None);
        ledger.Settings["Rekor__Logs__0__Url"] = rekor.Address.AbsoluteUri;
        ledger.Settings["Rekor__Logs__0__PublicKey"] = rekor.PublicKey;
        await SqlAsync(ledger, "UPDATE ledger.tenants SET anchor_seconds = 1");
        var (_, address) = await ledger.StartApiAsync();
        await ledger.StartWorkersAsync();
        using var client = ledger.ClientOf(address, "demo");
        for (var i = 0; i < 3; i++) await AppendAsync(client);
        await AnchoredAsync(ledger, epoch: 1, size: 3);

        var backup = await ledger.Postgres.BackUpAsync();
        await ledger.Postgres.StartAsync();
        for (var i = 0; i < 4; i++) await AppendAsync(client);
        await WholeLog.CoveredAsync(client, 7);
        var shown = await client.GetStringAsync(new Uri("/log/demo/checkpoint", UriKind.Relative));
        await ledger.Postgres.RestoreAsync(backup);
        await ledger.Postgres.StartAsync();
        Assert.Equal("urn:ledger:problem:log-rolled-back", await RefusedAsync(client));

        Assert.Equal(2, (await ledger.OperateAsync("new-epoch", "demo")).Code); // without a reason
        var (code, output) = await ledger.OperateAsync("new-epoch", "demo", "--reason", "restored from the backup of Sunday");
        Assert.True(code == 0, output);
        Assert.Contains(shown.TrimEnd(), output, StringComparison.Ordinal);
        (code, output) = await ledger.OperateAsync("new-epoch", "demo", "--reason", "once more");
        Assert.True(code == 1 && output.Contains("demo/2 is sound", StringComparison.Ordinal), output);

        // The API that refused all the time goes on, at seq 1: entry 0 is the epoch's own.
        var entry = await AppendAsync(client);
        Assert.Equal((1L, "ledger.localhost/log/demo/2"),
            (entry.GetProperty("chain_seq").GetInt64(), entry.GetProperty("origin").GetString()));
        await AnchoredAsync(ledger, epoch: 2, size: 2);
        using (var proof = await client.GetAsync(new Uri("/chain/proof?full=true", UriKind.Relative)))
            Assert.True(proof.IsSuccessStatusCode, await proof.Content.ReadAsStringAsync());

        var trust = await DownloadAsync(ledger, client, "/log/demo/keys", "trust.json");
        await VerifyAsync(ledger, client, trust, entry.GetProperty("id").GetString()!, "Hello World");
        var first = JsonElement.Parse(await client.GetStringAsync(new Uri("/entries?limit=1000", UriKind.Relative))).GetProperty("items")
            .EnumerateArray()
            .Single(e => e.GetProperty("epoch").GetInt32() == 2 && e.GetProperty("chain_seq").GetInt64() == 0);
        Assert.Equal("restored from the backup of Sunday", first.GetProperty("meta").GetProperty("reason").GetString());
        await VerifyAsync(ledger, client, trust, first.GetProperty("id").GetString()!, shown); // the mark's note is what it states
        foreach (var log in new[] { "log/demo", "log/demo/2" })
        {
            (code, output) = await LedgerVerifyAsync("fsck", new Uri(address, log).AbsoluteUri, "--trust", trust);
            Assert.True(code == 0, output);
        }
    }

    private static async Task VerifyAsync(LedgerProcesses ledger, HttpClient client, string trust, string id, string payload)
    {
        var bundle = await DownloadAsync(ledger, client, $"/entries/{id}/bundle", $"{id}.json");
        var artifact = ledger.PathOf($"{id}.payload");
        await File.WriteAllTextAsync(artifact, payload);
        var (code, output) = await LedgerVerifyAsync(bundle, "--trust", trust, "--artifact", artifact);
        Assert.True(code == 0, output);
        Assert.EndsWith("verified", output.TrimEnd(), StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> LedgerVerifyAsync(params string[] arguments)
    {
        await using var process = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.Verify, null, arguments);
        return (await process.Exited, process.Output);
    }

    private static async Task<string> DownloadAsync(LedgerProcesses ledger, HttpClient client, string path, string name)
    {
        var file = ledger.PathOf(name);
        await File.WriteAllBytesAsync(file, await client.GetByteArrayAsync(new Uri(path, UriKind.Relative)));
        return file;
    }

    private static async Task<JsonElement> AppendAsync(HttpClient client)
    {
        for (var tries = 0; ; tries++)
        {
            using var answer = await SendAsync(client);
            var text = await answer.Content.ReadAsStringAsync();
            // The first after a restart may meet a connection that is gone: nothing written, sent again.
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && tries < 50) continue;
            Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
            return JsonElement.Parse(text);
        }
    }

    private static async Task<string?> RefusedAsync(HttpClient client)
    {
        for (var tries = 0; ; tries++)
        {
            using var answer = await SendAsync(client);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            var slug = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("type").GetString();
            if (slug != "urn:ledger:problem:database-unavailable" || tries == 50) return slug;
        }
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client) =>
        client.PostAsync(new Uri("/append", UriKind.Relative), new StringContent(Fact, Encoding.UTF8, "application/json"));

    private static async Task AnchoredAsync(LedgerProcesses ledger, int epoch, long size)
    {
        await using var owner = NpgsqlDataSource.Create(ledger.Owner);
        await using var anchored = owner.CreateCommand(
            $"SELECT max(position) FROM ledger.anchors WHERE tenant_id = 'demo' AND epoch = {epoch} AND kind = 'checkpoint'");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await anchored.ExecuteScalarAsync(patience.Token) is not long position || position < size)
            await Task.Delay(50, patience.Token);
    }

    private static async Task SqlAsync(LedgerProcesses ledger, string sql)
    {
        await using var owner = NpgsqlDataSource.Create(ledger.Owner);
        await using var command = owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
