using System.Formats.Tar;
using System.Net;
using System.Text;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core;
using Ledger.Core.Checkpoints;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ledger.Api.Tests.Tenants;

/// <summary>What platform administrators take away of a tenant is what a stranger verifies.</summary>
public class ExportTests(AnchoredLedger ledger) : IClassFixture<AnchoredLedger>
{
    [PostgresFact]
    public async Task An_export_verifies_without_us_whole_and_in_both_epochs()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        await AppendBatchAsync(tenant, 300);
        await ledger.AnchorAsync();
        await SqlAsync($"UPDATE ledger.tenants SET anchor_policy = 'entry' WHERE tenant_id = '{tenant}'");
        var receipts = await ledger.AppendManyAsync(tenant, 3);
        using (var client = ledger.ClientFor(tenant, "CLIENT_ADMIN"))
        {
            foreach (var erased in receipts.Take(2))
                Assert.True((await client.DeleteAsync(new Uri($"/entries/{erased.Id}/meta", UriKind.Relative))).IsSuccessStatusCode);
        }
        await ledger.AnchorAsync();
        await OpenEpochAsync(tenant);
        await AppendBatchAsync(tenant, 20);
        await ledger.AnchorAsync();
        await ledger.AppendAsync(tenant); // no checkpoint covers it yet: it is not in the export

        using var folder = new TempFolder();
        var files = await ExportAsync(tenant, folder["export"]);
        Assert.Contains("2/checkpoint", files);
        Assert.Contains("tile/entries/001.p/47", files);
        var lines = await File.ReadAllLinesAsync(folder["export/entries.jsonl"]);
        Assert.Equal((303, 301), (lines.Length, lines.Count(line => line.Contains("\"meta\":{\"salt\"", StringComparison.Ordinal))));
        Assert.Equal((2 * 2, 3 * 2), (Count(files, "anchors/"), Count(files, "payload-anchors/")));

        // As a stranger: keys that were fetched earlier, from elsewhere.
        using (var reader = ledger.ClientFor(tenant, "AUDITOR"))
            await File.WriteAllBytesAsync(folder["trust.json"],
                await reader.GetByteArrayAsync(new Uri($"/log/{tenant}/keys", UriKind.Relative)));
        var (code, output) = await VerifyAsync("fsck", folder["export"], "--trust", folder["trust.json"], "--json");
        Assert.True(code == 0, output);
        Assert.DoesNotContain("\"fail\"", output, StringComparison.Ordinal);
        var report = JsonElement.Parse(output);
        Assert.Equal("verified", report.GetProperty("verdict").GetString());
        Assert.Equal([303, 21], report.GetProperty("logs").EnumerateArray().Select(log => log.GetProperty("size").GetInt64()));

        // And that is no formality.
        await File.AppendAllTextAsync(folder["export/checkpoints/300"], "x");
        Assert.Equal(1, (await VerifyAsync("fsck", folder["export"], "--trust", folder["trust.json"])).Code);
    }

    [PostgresFact]
    public async Task The_audit_trail_is_exported_too_and_tells_of_every_export()
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.AppendManyAsync(tenant, 3);
        await ledger.CoverAsync();
        using var folder = new TempFolder();
        await ExportAsync(tenant, folder["tenant"]);
        await ledger.DrainAuditAsync();
        await ledger.CoverAsync();
        await ExportAsync("platform-audit", folder["audit"]);
        var (code, output) = await VerifyAsync("fsck", folder["audit"], "--self");
        Assert.True(code == 0, output);
        var told = (await File.ReadAllLinesAsync(folder["audit/entries.jsonl"]))
            .Select(line => JsonElement.Parse(line).GetProperty("meta").GetProperty("value"))
            .Single(e => e.GetProperty("action").GetString() == "tenant.export" && e.GetProperty("target").GetString() == tenant);
        Assert.Equal("""{"epoch":"1","size":"3"}""", told.GetProperty("details").GetRawText());
    }

    [PostgresFact]
    public async Task What_has_no_checkpoint_is_not_exported_and_what_is_no_tenant_is_not_there()
    {
        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var empty = await admin.GetAsync(new Uri($"/admin/api/v1/tenants/{tenant}/export", UriKind.Relative));
        await empty.IsProblemAsync(ProblemTypes.NothingToExport);
        foreach (var nobody in new[] { "nobody", "No%20Tenant" })
        {
            using var missing = await admin.GetAsync(new Uri($"/admin/api/v1/tenants/{nobody}/export", UriKind.Relative));
            await missing.IsProblemAsync(ProblemTypes.NotFound);
        }
    }

    private async Task<List<string>> ExportAsync(string tenant, string folder)
    {
        using var admin = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var answer = await admin.GetAsync(new Uri($"/admin/api/v1/tenants/{tenant}/export", UriKind.Relative));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/x-tar", answer.Content.Headers.ContentType?.MediaType);
        Directory.CreateDirectory(folder);
        var files = new List<string>();
        await using var content = await answer.Content.ReadAsStreamAsync();
        await using var tar = new TarReader(content);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            var path = Path.Combine(folder, entry.Name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await entry.ExtractToFileAsync(path, overwrite: false);
            files.Add(entry.Name);
        }
        return files;
    }

    private async Task AppendBatchAsync(string tenant, int count)
    {
        using var client = ledger.ClientFor(tenant);
        var items = Enumerable.Range(0, count).Select(i => new
        {
            subject = $"fact-{i}", payload = Convert.ToBase64String(Encoding.UTF8.GetBytes($"payload {i}")), meta = new { n = i },
        });
        using var answer = await client.PostAsync("/append/batch", Answers.Json(JsonSerializer.Serialize(new { items })));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task OpenEpochAsync(string tenant)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var settings = ledger.Settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value);
        settings["ConnectionStrings:ledger"] = ledger.SuperuserConnectionString;
        settings["Vault:WorkerToken"] = ledger.Settings["Vault:EntryToken"];
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddLedgerCore(DatabaseRole.Owner, VaultCaller.Worker);
        using var host = builder.Build();
        await host.Services.GetRequiredService<EpochOpening>()
            .OpenAsync(TenantId.Parse(tenant), "a test", force: true, "test", CancellationToken.None);
    }

    private async Task SqlAsync(string sql)
    {
        await using var command = ledger.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static int Count(List<string> files, string folder) => files.Count(f => f.StartsWith(folder, StringComparison.Ordinal));

    private static async Task<(int Code, string Output)> VerifyAsync(params string[] arguments)
    {
        await using var tool = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.Verify, null, arguments);
        return (await tool.Exited, tool.Output);
    }
}
