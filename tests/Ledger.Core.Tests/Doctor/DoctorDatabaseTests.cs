using Ledger.Core.Checkpoints;
using Ledger.Core.Doctor;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing;
using Ledger.Testing.Anchoring;
using Ledger.Testing.Attributes;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Tests.Doctor;

/// <summary>The checks that read a database, in the roles that they are asked in.</summary>
public sealed class DoctorDatabaseTests
{
    [PostgresTheory]
    [InlineData(DatabaseRole.Worker)]
    [InlineData(DatabaseRole.Admin)]
    public async Task A_migrated_database_is_well_to_workers_and_to_operators(DatabaseRole role)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var pool = new LedgerDatabase(role == DatabaseRole.Worker ? ledger.Database.Workers : ledger.Database.Api, role);
        var database = new DoctorDatabase(pool);
        using var folder = new TempFolder();
        var marks = MarksIn(folder);
        foreach (var check in new IDoctorCheck[]
                 {
                     new MigrationsCheck(database), new GuardsCheck(database), new MarksCheck(database, marks), new QueuesCheck(database),
                     new DeadLettersCheck(database),
                 })
            Assert.Equal((check.Name, CheckOutcome.Pass, ""), await SeenAsync(check, CheckOutcome.Pass));
        // fsync is off on the server that tests share.
        Assert.Equal(CheckOutcome.Warn, (await new DatabaseCheck(database, TimeProvider.System).RunAsync(CancellationToken.None)).Outcome);
        var backup = await new BackupCheck(database, Options.Create(new DoctorOptions())).RunAsync(CancellationToken.None);
        Assert.Equal(CheckOutcome.Absent, backup.Outcome);
    }

    [PostgresFact]
    public async Task The_list_of_guards_is_the_schemas()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        Assert.Equal(GuardsCheck.Expected.Select(one => $"{one.Table}.{one.Trigger} {one.Function}"), await ledger.ListAsync("""
            SELECT c.relname || '.' || t.tgname || ' ' || p.proname FROM pg_trigger t
              JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
             WHERE c.relnamespace = 'ledger'::regnamespace AND NOT t.tgisinternal ORDER BY c.relname COLLATE "C", t.tgname COLLATE "C"
            """));
    }

    [PostgresFact]
    public async Task What_was_done_to_a_database_is_named()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await LedgerUnderTest.SqlAsync(ledger.Database.Owner, """
            ALTER TABLE ledger.anchors DISABLE TRIGGER append_only;
            DROP TRIGGER ends_once ON ledger.api_keys;
            DELETE FROM ledger.schema_migrations WHERE name = '027_doctor.sql';
            UPDATE ledger.chain_heads SET halted = 'log-rolled-back' WHERE tenant_id = 'demo';
            INSERT INTO ledger.jobs (tenant_id, id, queue, status, epoch, created_at, next_retry_at, finished_at, last_error_class)
            VALUES ('demo', gen_random_uuid(), 'people.to_apply', 'dead_letter', 1, now(), now(), now(), 'config'),
                   ('demo', gen_random_uuid(), 'notifications.to_send', 'pending', 1, now(), now() - interval '2 hours', NULL, 'network')
            """);
        await using var pool = new LedgerDatabase(ledger.Database.Workers, DatabaseRole.Worker);
        var database = new DoctorDatabase(pool);
        using var folder = new TempFolder();
        var marks = MarksIn(folder);
        Assert.Contains("anchors.append_only is not ENABLE ALWAYS", await TextAsync(new GuardsCheck(database)), StringComparison.Ordinal);
        Assert.Contains("api_keys.ends_once is gone", await TextAsync(new GuardsCheck(database)), StringComparison.Ordinal);
        Assert.Contains("not applied: 027_doctor.sql", await TextAsync(new MigrationsCheck(database)), StringComparison.Ordinal);
        Assert.Contains("demo/1 is halted (log-rolled-back)", await TextAsync(new MarksCheck(database, marks)),
            StringComparison.Ordinal);
        Assert.Contains("people.to_apply 1 (mostly config)", await TextAsync(new DeadLettersCheck(database)), StringComparison.Ordinal);
        Assert.Contains("one due for 120 min (last failure: network)", await TextAsync(new QueuesCheck(database)),
            StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_login_that_may_not_take_on_the_role_is_told_which()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var pool = new LedgerDatabase(ledger.Database.Workers, DatabaseRole.Admin);
        Assert.Contains("may not take on the role ledger_admin",
            await TextAsync(new DatabaseCheck(new DoctorDatabase(pool), TimeProvider.System)), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_clock_that_is_not_the_databases_is_warned_of()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var pool = new LedgerDatabase(ledger.Database.Workers, DatabaseRole.Worker);
        // Ours stands at the beginning of 2026.
        var verdict = await new DatabaseCheck(new DoctorDatabase(pool), ledger.Time).RunAsync(CancellationToken.None);
        Assert.Equal(CheckOutcome.Warn, verdict.Outcome);
        Assert.Contains("its clock is", verdict.Text, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_log_continues_what_was_seen_of_it_or_fails_and_nothing_is_stored()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var pool = new LedgerDatabase(ledger.Database.Workers, DatabaseRole.Worker);
        var log = new ScriptedLog();
        var check = new RekorCheck(log, new DoctorDatabase(pool), TimeProvider.System);
        Assert.Equal((CheckOutcome.Pass, "rekor log.test"), ((await check.RunAsync(CancellationToken.None)).Outcome, check.Name));
        Assert.Equal(0, await ledger.ScalarAsync<long>("SELECT count(*) FROM transparency_log_heads"));

        await LedgerUnderTest.SqlAsync(ledger.Database.Owner, $"""
            INSERT INTO ledger.transparency_logs (tl_log_id, ordinal, backend, url) VALUES ('{log.Id}', 0, 'rekor-v1', 'http://log.test');
            INSERT INTO ledger.transparency_log_heads (tl_log_id, origin, tree_size, root_hash, checkpoint, seen_at)
            VALUES ('{log.Id}', '{log.Origin}', 1000000, '\x{Digest(1)}', 'note', now())
            """);
        Assert.Contains("it shrank", await TextAsync(check), StringComparison.Ordinal);
        await LedgerUnderTest.SqlAsync(ledger.Database.Owner,
            "UPDATE ledger.transparency_logs SET quarantined_at = now(), quarantine_reason = 'two'");
        Assert.Contains("is quarantined", await TextAsync(check), StringComparison.Ordinal);
    }

    private static FileHighWaterMarkStore MarksIn(TempFolder folder) =>
        new(Options.Create(new HighWaterMarkOptions { Directory = folder.Path }), TimeProvider.System);

    private static string Digest(byte seed) => Verify.Digest.Sha256([seed]).ToHex();

    private static async Task<(string, CheckOutcome, string)> SeenAsync(IDoctorCheck check, CheckOutcome well)
    {
        var verdict = await check.RunAsync(CancellationToken.None);
        return (check.Name, verdict.Outcome, verdict.Outcome == well ? "" : verdict.Text);
    }

    private static async Task<string> TextAsync(IDoctorCheck check)
    {
        var verdict = await check.RunAsync(CancellationToken.None);
        Assert.True(verdict.Outcome == CheckOutcome.Fail, verdict.Text);
        return verdict.Text;
    }
}
