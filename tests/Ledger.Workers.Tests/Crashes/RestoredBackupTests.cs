using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Testing.Attributes;

namespace Ledger.Workers.Tests.Crashes;

/// <summary>
/// A database restored from before what was already shown: signing on would fork the log, so nothing is signed and nothing appended.
/// </summary>
public class RestoredBackupTests
{
    [PostgresFact]
    public async Task After_an_older_backup_is_restored_busy_and_idle_tenants_are_refused_by_a_running_and_by_a_restarted_API()
    {
        await using var ledger = await LedgerProcesses.StartAsync("busy", "idle", "fresh");
        var (api, address) = await ledger.StartApiAsync();
        await ledger.StartWorkersAsync();
        using var busy = ledger.ClientOf(address, "busy");
        using var idle = ledger.ClientOf(address, "idle");
        using var fresh = ledger.ClientOf(address, "fresh");
        await AppendAsync(busy, 3);
        await WholeLog.CoveredAsync(busy, 3);

        var backup = await ledger.Postgres.BackUpAsync();
        await ledger.Postgres.StartAsync();
        await AppendAsync(busy, 4);
        await AppendAsync(idle, 2);
        await WholeLog.CoveredAsync(busy, 7);
        await WholeLog.CoveredAsync(idle, 2);

        await ledger.Postgres.RestoreAsync(backup);
        await ledger.Postgres.StartAsync();

        // The API that was running all the time, with pooled connections to the server that is gone; and one that never saw the old one.
        await RefusedAsync(busy);
        await RefusedAsync(idle);
        await api.KillAsync();
        await ledger.StartApiAsync(address.Port);
        await RefusedAsync(busy);
        await RefusedAsync(idle);
        Assert.Equal((3, 2L), await WholeLog.CountAsync(ledger.Owner, "busy"));
        Assert.Equal((0, -1L), await WholeLog.CountAsync(ledger.Owner, "idle"));
        Assert.Equal(3, await LatestSizeAsync(busy));

        // A tenant that the backup knows whole goes on.
        await AppendAsync(fresh, 1);
        await WholeLog.CoveredAsync(fresh, 1);
    }

    private static async Task AppendAsync(HttpClient client, int times)
    {
        for (var i = 0; i < times; i++)
        {
            // The first request after a restart may meet a connection that is gone: 503, nothing written, sent again.
            HttpStatusCode status;
            var tries = 0;
            do status = (await SendAsync(client)).Status;
            while (status == HttpStatusCode.ServiceUnavailable && ++tries < 50);
            Assert.Equal(HttpStatusCode.Created, status);
        }
    }

    private static async Task RefusedAsync(HttpClient client)
    {
        for (var tries = 0; tries < 50; tries++)
        {
            var (status, slug) = await SendAsync(client);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            if (slug == "urn:ledger:problem:log-rolled-back") return;
            Assert.Equal("urn:ledger:problem:database-unavailable", slug); // a pooled connection to the server before the restore
        }
        Assert.Fail("log-rolled-back was never said");
    }

    private static async Task<(HttpStatusCode Status, string? Slug)> SendAsync(HttpClient client)
    {
        using var content = new StringContent("""{"subject":"backup","payload":"SGVsbG8gV29ybGQ="}""", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri("/append", UriKind.Relative), content);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.TryGetProperty("type", out var type) ? type.GetString() : null);
    }

    private static async Task<long> LatestSizeAsync(HttpClient client)
    {
        using var json = JsonDocument.Parse(await client.GetStringAsync(new Uri("/checkpoints/latest", UriKind.Relative)));
        return json.RootElement.GetProperty("tree_size").GetInt64();
    }
}
