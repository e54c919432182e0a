using System.Net.Http.Json;
using Ledger.DevHost.Tests.EndToEnd;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Runbooks;

/// <summary>The runbooks of a log that lies and of a log that was lost in part, every command of them.</summary>
public sealed class LogRunbookTests : IDisposable
{
    private const string Append = """
        curl -sf -X POST $LEDGER_API/append -H "Authorization: Bearer $LEDGER_TOKEN" -H 'Content-Type: application/json' \
            -d '{"subject":"user-action","payload":"SGVsbG8gV29ybGQ="}'
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("log-quarantined.md")]
    [InlineData("log-rolled-back.md")]
    public void A_page_has_its_five_sections_in_order(string page)
    {
        var text = File.ReadAllText(RepositoryPath.Of("docs", "runbooks", page));
        string[] sections = ["## Identify", "## Contain", "## Investigate", "## Recover", "## Communicate"];
        var places = sections.Select(section => text.IndexOf(section, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [PostgresFact(linux: true)]
    public async Task Every_command_for_a_quarantined_log_gives_what_it_shows()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var shell = new RunbookShell(host.EnvFile);
        await shell.RunAsync(RunbookStep.Before(Append + """

            until psql "$LEDGER_PG" -Atc "SELECT count(*) FROM anchors WHERE tenant_id = 'demo'" | grep -qx 2; do sleep 0.2; done
            curl -sf -d '{"mode":"forked-tree"}' $REKOR_URL/emulator/faults
            """ + "\n" + Append + """

            until psql "$LEDGER_PG" -Atc "SELECT count(*) FROM transparency_logs WHERE quarantined_at IS NOT NULL" | grep -qx 1; do sleep 0.2; done
            curl -sf -X DELETE $REKOR_URL/emulator/faults
            psql "$LEDGER_PG" -qXc "UPDATE tenants SET fail_mode = 'closed', max_age_seconds = 3600 WHERE tenant_id = 'demo'"
            curl -sf -d '{"mode":"down"}' $REKOR2_URL/emulator/faults
            """ + "\n" + Append));
        var steps = RunbookStep.ReadAll("log-quarantined.md");
        foreach (var step in steps.TakeWhile(step => step.Section != "Recover")) await shell.RunAsync(step);
        await shell.RunAsync(RunbookStep.Before("curl -sf -X DELETE $REKOR2_URL/emulator/faults"));
        foreach (var step in steps.SkipWhile(step => step.Section != "Recover")) await shell.RunAsync(step);
    }

    [PostgresFact(linux: true)]
    public async Task Every_command_for_a_rolled_back_log_gives_what_it_shows()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var shell = new RunbookShell(host.EnvFile);
        // What a restored backup looks like: the last rows were never there.
        await shell.RunAsync(RunbookStep.Before(Append + "\n" + Append + """

            until curl -sf $LEDGER_API/log/demo/checkpoint | sed -n 2p | grep -qx 2; do sleep 0.2; done
            psql "$LEDGER_PG" -qX -v ON_ERROR_STOP=1 <<'SQL'
            BEGIN;
            ALTER TABLE chain_entries DISABLE TRIGGER append_only;
            UPDATE chain_heads SET next_seq = 1, head_hash = (SELECT prev FROM chain_entries WHERE tenant_id = 'demo' AND seq = 1)
             WHERE tenant_id = 'demo';
            DELETE FROM entry_meta WHERE tenant_id = 'demo' AND seq > 0;
            DELETE FROM chain_entries WHERE tenant_id = 'demo' AND seq > 0;
            ALTER TABLE chain_entries ENABLE ALWAYS TRIGGER append_only;
            COMMIT;
            SQL
            until psql "$LEDGER_PG" -Atc "SELECT halted FROM chain_heads WHERE tenant_id = 'demo'" | grep -qx log-rolled-back; do sleep 0.2; done
            """));
        foreach (var step in RunbookStep.ReadAll("log-rolled-back.md")) await shell.RunAsync(step);
    }}
