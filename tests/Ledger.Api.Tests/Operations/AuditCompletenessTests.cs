using System.Formats.Tar;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Ledger.Verify;
using Ledger.Verify.Verification;

namespace Ledger.Api.Tests.Operations;

/// <summary>One of everything that changes anything, and then the trail of it: each act once, in order, and a log that verifies.</summary>
public class AuditCompletenessTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task Every_operation_that_changes_something_is_in_the_trail_once_and_the_trail_verifies()
    {
        using var tenant = await FullTenant.MakeAsync(ledger);
        using var operators = ledger.ClientFor(null, "PLATFORM_ADMIN");
        await ledger.DrainAuditAsync();
        var before = (await TrailAsync(operators)).Count;
        var acts = new AuditedActs(ledger, tenant);
        await acts.DoAllAsync();
        await acts.ExportAsync();
        await ledger.DrainAuditAsync();
        await ledger.CoverAsync();

        // 1. Nothing that the document knows was left out.
        var changing = Changing(await operators.GetJsonAsync("/openapi/v1.json"));
        Assert.Equal(changing.Except(AuditedActs.Untold.Keys).Append("export-tenant").Order(),
            acts.Done.Select(act => act.Operation).Distinct().Order());
        Assert.Empty(AuditedActs.Untold.Keys.Except(changing));

        // 2. Each act once, in the order they were done, by who did it.
        var trail = await TrailAsync(operators);
        var news = trail.Skip(before).ToList();
        Assert.Equal(acts.Done.Select(act => act.Action), news.Select(item => Text(item, "action")));
        Assert.All(news, item => Assert.Contains(Text(item, "tenant"), new[] { tenant.Name, AuditedActs.Asked }));
        Assert.All(news, item => Assert.True(Text(item, "actor") == "alice@ledger" || Text(item, "action") == "invitation.accept"));
        Assert.DoesNotContain(news, item => item.GetRawText().Contains("@example.com", StringComparison.Ordinal));
        Assert.Equal(Enumerable.Range(0, trail.Count), trail.Select(item => item.GetProperty("seq").GetInt32()));

        // 3. The log itself: as its tiles say, and as an export that ledger-verify reads without us.
        var keys = await operators.GetByteArrayAsync(new Uri("/log/platform-audit/keys", UriKind.Relative));
        Assert.True(TrustFile.TryParse(keys, out var trust, out var unreadable), $"{unreadable}");
        var report = Assert.Single(Fsck.Run(Log(operators), FsckSource.PublicTiles, trust));
        Assert.True(report.Verdict != Verdict.Failed, string.Join('\n', report.Checks));
        var (code, output) = await FsckExportAsync(operators, keys);
        Assert.True(code == 0, output);

        // 4. Every event by its bundle.
        foreach (var item in news)
        {
            var bytes = await operators.GetByteArrayAsync(new Uri($"/admin/api/v1/audit/{Text(item, "id")}/bundle", UriKind.Relative));
            Assert.True(Bundle.TryParse(bytes, out var bundle, out var failure), $"{failure}");
            Assert.True(Trust.Judge(trust, bundle).PolicySatisfied);
            Assert.Equal((item.GetProperty("seq").GetInt64(), Text(item, "payload_hash")),
                (bundle.Leaf.Seq, Digest.Sha256(bundle.Meta!.Value).ToHex()));
        }
    }

    /// <summary>The ids of all operations that are no GET.</summary>
    private static List<string> Changing(JsonElement document) =>
    [
        .. from path in document.GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where operation.Name is not ("get" or "head" or "options" or "parameters")
           select operation.Value.GetProperty("operationId").GetString(),
    ];

    /// <summary>All of it, the oldest first.</summary>
    private static async Task<List<JsonElement>> TrailAsync(HttpClient operators)
    {
        var (items, cursor) = (new List<JsonElement>(), (string?)null);
        do
        {
            var page = await operators.GetJsonAsync($"/admin/api/v1/audit?limit=7{(cursor is null ? "" : $"&cursor={cursor}")}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.GetProperty("next_cursor").GetString();
        }
        while (cursor is not null);
        items.Reverse();
        return items;
    }

    private static async Task<(int Code, string Output)> FsckExportAsync(HttpClient operators, byte[] keys)
    {
        using var folder = new TempFolder();
        var (export, trust) = (folder["export"], folder["trust.json"]);
        Directory.CreateDirectory(export);
        await File.WriteAllBytesAsync(trust, keys);
        await using (var tar = await operators.GetStreamAsync(new Uri("/admin/api/v1/tenants/platform-audit/export", UriKind.Relative)))
            await TarFile.ExtractToDirectoryAsync(tar, export, overwriteFiles: false);
        await using var process = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.Verify, null, "fsck", export, "--trust", trust);
        return (await process.Exited, process.Output);
    }

    private static LogFolder Log(HttpClient operators) => new(path =>
    {
        var answer = operators.GetAsync(new Uri($"/log/platform-audit/{path}", UriKind.Relative)).GetAwaiter().GetResult();
        return answer.IsSuccessStatusCode ? new MemoryStream(answer.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult()) : null;
    });

    private static string? Text(JsonElement item, string name) => item.GetProperty(name).GetString();
}
