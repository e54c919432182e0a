using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Core.Doctor;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing;
using Ledger.Testing.Anchoring;
using Ledger.Testing.Attributes;
using Ledger.Verify.Anchoring;
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
                     new DeadLettersCheck(database), new CheckpointsCheck(database), new ScrubsCheck(database),
                     new QuarantineCheck(database, Logs()),
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

    [PostgresTheory]
    [InlineData(DatabaseRole.Worker)]
    [InlineData(DatabaseRole.Admin)]
    public async Task Entries_that_nobody_covers_damage_and_quarantines_show_to_workers_and_to_operators(DatabaseRole role)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "first");
        await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "second");
        await using var pool = new LedgerDatabase(role == DatabaseRole.Worker ? ledger.Database.Workers : ledger.Database.Api, role);
        var database = new DoctorDatabase(pool);
        // Appended by a clock that stands at the beginning of 2026.
        Assert.Contains("demo/1 (2, the oldest for ", await TextAsync(new CheckpointsCheck(database)), StringComparison.Ordinal);

        var log = new ScriptedLog();
        await LedgerUnderTest.SqlAsync(ledger.Database.Owner, $"""
            UPDATE ledger.scrubs SET finding_reason = 'chain_hash_mismatch', finding_seq = 1, finding_at = now() WHERE tenant_id = 'demo';
            UPDATE ledger.chain_heads SET halted = 'log-halted' WHERE tenant_id = 'demo';
            INSERT INTO ledger.transparency_logs (tl_log_id, backend, url, quarantined_at, quarantine_reason)
            VALUES ('{log.Id}', 'rekor-v1', 'http://user:secret@log.test:80/x', now(), 'two')
            """);
        Assert.Contains("demo/1 (chain_hash_mismatch at 1)", await TextAsync(new ScrubsCheck(database)), StringComparison.Ordinal);
        // Whoever halted it waits for a person, not for an integrator.
        Assert.Equal(CheckOutcome.Pass, (await new CheckpointsCheck(database).RunAsync(CancellationToken.None)).Outcome);
        var elsewhere = await new QuarantineCheck(database, Logs()).RunAsync(CancellationToken.None);
        Assert.Equal((CheckOutcome.Warn, $"log.test (log {log.Id[..16]}): quarantined, and not configured here: "
            + "docs/runbooks/log-quarantined.md"), (elsewhere.Outcome, elsewhere.Text));
        Assert.Equal(CheckOutcome.Pass, (await new QuarantineCheck(database, Logs(log)).RunAsync(CancellationToken.None)).Outcome);
    }

    [PostgresFact]
    public async Task A_halted_epoch_that_another_one_followed_is_over()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await LedgerUnderTest.SqlAsync(ledger.Database.Owner, """
            UPDATE ledger.chain_heads SET halted = 'log-rolled-back' WHERE tenant_id = 'demo';
            UPDATE ledger.scrubs SET finding_reason = 'fact_missing', finding_seq = 0, finding_at = now() WHERE tenant_id = 'demo';
            INSERT INTO ledger.chain_heads (tenant_id, epoch, origin, opened_at) VALUES ('demo', 2, 'ledger.test/log/demo/2', now());
            INSERT INTO ledger.tree_heads (tenant_id, epoch, root) SELECT tenant_id, 2, root FROM ledger.tree_heads WHERE tenant_id = 'demo';
            UPDATE ledger.tenants SET current_epoch = 2 WHERE tenant_id = 'demo'
            """);
        await using var pool = new LedgerDatabase(ledger.Database.Workers, DatabaseRole.Worker);
        using var folder = new TempFolder();
        var database = new DoctorDatabase(pool);
        Assert.Equal(("marks", CheckOutcome.Pass, ""), await SeenAsync(new MarksCheck(database, MarksIn(folder)), CheckOutcome.Pass));
        Assert.Equal(CheckOutcome.Warn, (await new ScrubsCheck(database).RunAsync(CancellationToken.None)).Outcome);
    }

    [PostgresFact]
    public async Task A_pools_connections_that_died_are_no_outage()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var pool = new LedgerDatabase(ledger.Database.Workers, DatabaseRole.Worker);
        var check = new DeadLettersCheck(new DoctorDatabase(pool));
        Assert.Equal(CheckOutcome.Pass, (await check.RunAsync(CancellationToken.None)).Outcome);
        await LedgerUnderTest.SqlAsync(ledger.Database.Superuser, """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            """);
        Assert.Equal(CheckOutcome.Pass, (await check.RunAsync(CancellationToken.None)).Outcome);
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

    private static TransparencyLogs Logs(params ScriptedLog[] logs) => new(logs, new TrustedRoot([], []));

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
