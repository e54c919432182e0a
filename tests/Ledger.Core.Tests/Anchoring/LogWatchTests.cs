using Ledger.Core.Anchoring;
using Ledger.Core.Operations;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Anchoring;
using Ledger.Testing.Attributes;
using Ledger.Verify.Anchoring;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The witness is watched too: what it shows next must be of the history that it showed before.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes.")]
public sealed class LogWatchTests : IAsyncLifetime
{
    private readonly ScriptedLog witness = new();
    private readonly RecordedLog log = new();
    private readonly LedgerMeter meter = new();
    private LedgerUnderTest ledger = null!;
    private LogQuarantine quarantine = null!;
    private LogWatch watch = null!;

    public async Task InitializeAsync()
    {
        if (new PostgresFactAttribute().Skip is not null) return; // its tests are skipped with that reason
        ledger = await LedgerUnderTest.StartAsync();
        var workers = ledger.StartProcess(DatabaseRole.Worker);
        quarantine = new LogQuarantine(workers.Database, workers.Audit, ledger.Time);
        watch = StartWatch(workers.Database);
    }

    public async Task DisposeAsync()
    {
        meter.Dispose();
        if (ledger is not null) await ledger.DisposeAsync();
    }

    [PostgresFact]
    public async Task The_newest_head_of_a_log_that_grows_is_kept_with_its_note()
    {
        foreach (var size in new[] { 1, 2, 7, 7, 40 })
        {
            witness.Grow(size - (int)witness.Checkpoint.Size);
            await watch.WatchAsync(witness, CancellationToken.None);
            Assert.Equal([$"{witness.Origin}|{size}|{ScriptedLog.NoteOf(witness.Checkpoint)}"],
                await ledger.TableAsync("SELECT origin, tree_size, checkpoint FROM transparency_log_heads"));
        }
        Assert.Equal("", log.ToString());
    }

    [PostgresFact]
    public async Task The_same_size_with_another_root_is_quarantined_with_both_notes()
    {
        witness.Grow(5);
        await watch.WatchAsync(witness, CancellationToken.None);
        var before = ScriptedLog.NoteOf(witness.Checkpoint);
        witness.Rewrite(2);
        await watch.WatchAsync(witness, CancellationToken.None);
        await AssertQuarantinedAsync(before, ScriptedLog.NoteOf(witness.Checkpoint));
    }

    [PostgresFact]
    public async Task A_later_head_that_does_not_extend_the_one_before_is_quarantined()
    {
        witness.Grow(5);
        await watch.WatchAsync(witness, CancellationToken.None);
        var before = ScriptedLog.NoteOf(witness.Checkpoint);
        witness.Rewrite(2);
        witness.Grow(3);
        await watch.WatchAsync(witness, CancellationToken.None);
        await AssertQuarantinedAsync(before, ScriptedLog.NoteOf(witness.Checkpoint));
        Assert.Equal(5L, await ledger.ScalarAsync<long>("SELECT tree_size FROM transparency_log_heads")); // the evidence stays
    }

    [PostgresFact]
    public async Task A_proof_that_was_damaged_once_on_its_way_is_no_second_history()
    {
        witness.Grow(5);
        await watch.WatchAsync(witness, CancellationToken.None);
        witness.Grow();
        witness.WrongProofs = 1;
        await watch.WatchAsync(witness, CancellationToken.None);
        Assert.Equal(6L, await ledger.ScalarAsync<long>("SELECT tree_size FROM transparency_log_heads"));
        witness.Grow();
        witness.WrongProofs = 2;
        await watch.WatchAsync(witness, CancellationToken.None);
        Assert.NotNull(await quarantine.FindAsync(witness.Id, CancellationToken.None));
    }

    [PostgresFact]
    public async Task A_log_that_shrank_is_refused_and_said_once()
    {
        witness.Grow(9);
        await watch.WatchAsync(witness, CancellationToken.None);
        witness.Shrink(4);
        for (var i = 0; i < 3; i++) await watch.WatchAsync(witness, CancellationToken.None);
        Assert.Equal(9L, await ledger.ScalarAsync<long>("SELECT tree_size FROM transparency_log_heads"));
        Assert.StartsWith("Error: transparency log shrank: ", Assert.Single(log.ToString().Split('\n')), StringComparison.Ordinal);
        Assert.Null(await quarantine.FindAsync(witness.Id, CancellationToken.None));
    }

    [PostgresFact]
    public async Task An_entrys_checkpoint_goes_through_the_same_check()
    {
        witness.Grow(5);
        var older = witness.CheckpointAt(3);
        await watch.AdmitAsync(witness, witness.Entry(witness.Checkpoint), CancellationToken.None);
        await watch.AdmitAsync(witness, witness.Entry(older), CancellationToken.None); // of another worker, proved before and stored later
        Assert.Equal(5L, await ledger.ScalarAsync<long>("SELECT tree_size FROM transparency_log_heads"));

        witness.Rewrite(1);
        witness.Grow();
        var refused = await Assert.ThrowsAsync<LogException>(() =>
            watch.AdmitAsync(witness, witness.Entry(witness.Checkpoint), CancellationToken.None));
        Assert.Equal(LogFailureClass.Log, refused.Class);
        Assert.NotNull(await quarantine.FindAsync(witness.Id, CancellationToken.None));
        Assert.Single(log.Alerts);

        // From now on nothing of it counts, the honest part included.
        await Assert.ThrowsAsync<LogException>(() => watch.AdmitAsync(witness, witness.Entry(older), CancellationToken.None));
        Assert.Single(log.Alerts);
    }

    [PostgresFact]
    public async Task A_log_that_does_not_answer_is_not_quarantined_and_its_entry_not_admitted()
    {
        witness.Grow(5);
        await watch.WatchAsync(witness, CancellationToken.None);
        witness.Grow();
        witness.Failure = new LogException(LogFailureClass.Network, "down");
        for (var i = 0; i < 3; i++) await watch.WatchAsync(witness, CancellationToken.None);
        Assert.Equal("Warning: transparency log not watched: http://log.test/: network: down", log.ToString());
        await Assert.ThrowsAsync<LogException>(() =>
            watch.AdmitAsync(witness, witness.Entry(witness.Checkpoint), CancellationToken.None));
        Assert.Null(await quarantine.FindAsync(witness.Id, CancellationToken.None));

        witness.Failure = null;
        await watch.AdmitAsync(witness, witness.Entry(witness.Checkpoint), CancellationToken.None);
    }

    [PostgresFact]
    public async Task Processes_that_watch_at_once_end_at_the_newest_head()
    {
        var processes = Enumerable.Range(0, 4).Select(_ => StartWatch(ledger.StartProcess(DatabaseRole.Worker).Database)).ToList();
        for (var round = 0; round < 10; round++)
        {
            witness.Grow(4);
            var size = (int)witness.Checkpoint.Size;
            await Task.WhenAll(processes.Select((process, i) => Task.Run(() =>
                process.AdmitAsync(witness, witness.Entry(witness.CheckpointAt(size - i)), CancellationToken.None))));
            Assert.Equal(size, await ledger.ScalarAsync<long>("SELECT tree_size FROM transparency_log_heads"));
        }
        Assert.Equal("", log.ToString());
    }

    [PostgresFact]
    public async Task Many_answers_with_one_head_cost_one_proof_and_many_with_others_one_each()
    {
        witness.Grow(5);
        await watch.WatchAsync(witness, CancellationToken.None);
        witness.Grow(40);
        await AdmitAllAsync(Enumerable.Repeat(witness.Checkpoint, 12));
        Assert.Equal(1, witness.Proofs);

        var before = witness.Proofs;
        witness.Grow(40);
        await AdmitAllAsync(Enumerable.Range(0, 12).Select(i => witness.CheckpointAt((int)witness.Checkpoint.Size - i)));
        Assert.InRange(witness.Proofs - before, 12, 24); // one each, and what the known head was advanced by meanwhile
        Assert.Equal(witness.Checkpoint.Size, await ledger.ScalarAsync<long>("SELECT tree_size FROM transparency_log_heads"));

        Task AdmitAllAsync(IEnumerable<LogCheckpoint> heads) => Task.WhenAll(heads.Select(head => Task.Run(() =>
            watch.AdmitAsync(witness, witness.Entry(head), CancellationToken.None))));
    }

    [PostgresFact]
    public async Task Lifting_takes_the_log_as_it_shows_itself_next_and_is_audited()
    {
        witness.Grow(5);
        await watch.WatchAsync(witness, CancellationToken.None);
        witness.Rewrite(0);
        await watch.WatchAsync(witness, CancellationToken.None);

        ledger.Time.Advance(TimeSpan.FromSeconds(1));
        await using var database = new LedgerDatabase(ledger.Database.Owner, DatabaseRole.Owner);
        var owner = new LogQuarantine(database, ledger.Api.Audit, ledger.Time);
        Assert.Contains(witness.Origin, await owner.LiftAsync(witness.Id, "operator:me", CancellationToken.None), StringComparison.Ordinal);
        Assert.Null(await owner.LiftAsync(witness.Id, "operator:me", CancellationToken.None));
        Assert.Equal(["transparency-log.quarantine ledger-workers", "transparency-log.lift-quarantine operator:me"],
            await ledger.ListAsync("""
            SELECT (convert_from(event, 'UTF8')::json ->> 'action') || ' ' || (convert_from(event, 'UTF8')::json ->> 'actor')
              FROM audit_outbox WHERE tenant_id = 'platform-audit' ORDER BY id
            """));
        await watch.WatchAsync(witness, CancellationToken.None);
        Assert.Equal(5L, await ledger.ScalarAsync<long>("SELECT tree_size FROM transparency_log_heads"));
        Assert.Null(await quarantine.FindAsync(witness.Id, CancellationToken.None));
    }

    [PostgresFact]
    public async Task A_log_that_stands_still_while_jobs_wait_for_it_is_warned_of_once()
    {
        witness.Grow();
        await watch.WatchAsync(witness, CancellationToken.None);
        ledger.Time.Advance(TimeSpan.FromSeconds(601));
        await watch.WatchAsync(witness, CancellationToken.None);
        Assert.Equal("", log.ToString()); // nobody waits

        await ledger.SqlAsync($"""
            INSERT INTO jobs (tenant_id, id, queue, epoch, tl_log_id, is_primary, created_at)
            VALUES ('demo', gen_random_uuid(), 'checkpoints.to_anchor', 1, '{witness.Id}', true, '{ledger.Time.GetUtcNow():O}')
            """);
        await watch.WatchAsync(witness, CancellationToken.None);
        Assert.Equal("", log.ToString()); // not for long
        ledger.Time.Advance(TimeSpan.FromSeconds(601));
        for (var i = 0; i < 3; i++) await watch.WatchAsync(witness, CancellationToken.None);
        Assert.StartsWith("Warning: transparency log stale: ", Assert.Single(log.ToString().Split('\n')), StringComparison.Ordinal);
        witness.Grow();
        await watch.WatchAsync(witness, CancellationToken.None);
        Assert.Single(log.ToString().Split('\n'));
    }

    [PostgresFact]
    public async Task A_clock_more_than_five_minutes_off_is_warned_of_once_and_a_kept_time_is_not()
    {
        witness.Grow();
        var now = ledger.Time.GetUtcNow();
        foreach (var minutes in new[] { -5, 5 }) await AdmitAsync(minutes, false);
        await AdmitAsync(-60, wasThere: true);
        Assert.Equal("", log.ToString());
        await AdmitAsync(6, false);
        await AdmitAsync(6, false);
        Assert.Equal("Warning: clock skew: http://log.test/ is 360 s ahead of ours; one of the two clocks is wrong", log.ToString());
        await AdmitAsync(0, false);
        await AdmitAsync(-6, false);
        Assert.Equal(2, log.ToString().Split('\n').Length);
        witness.ServerTime = now;
        await watch.WatchAsync(witness, CancellationToken.None);
        witness.ServerTime = now.AddMinutes(10);
        await watch.WatchAsync(witness, CancellationToken.None);
        Assert.Equal(3, log.ToString().Split('\n').Length);

        Task AdmitAsync(int minutes, bool wasThere) => watch.AdmitAsync(witness,
            witness.Entry(witness.Checkpoint, now.AddMinutes(minutes), wasThere), CancellationToken.None);
    }

    private LogWatch StartWatch(LedgerDatabase workers) => new(workers,
        new LogQuarantine(workers, new AuditOutbox(ledger.Time, new IdSource()), ledger.Time),
        new LogWarnings(workers, Options.Create(new LogWatchOptions()), ledger.Time, log.For<LogWarnings>()), new LogWatchMetrics(meter),
        ledger.Time, log.For<LogWatch>());

    private async Task AssertQuarantinedAsync(string before, string after)
    {
        var reason = await quarantine.FindAsync(witness.Id, CancellationToken.None);
        Assert.Contains(before, reason, StringComparison.Ordinal);
        Assert.Contains(after, reason, StringComparison.Ordinal);
        Assert.Contains("quarantined", Assert.Single(log.Alerts), StringComparison.Ordinal);
        await watch.WatchAsync(witness, CancellationToken.None); // left alone now
        Assert.Single(log.Alerts);
    }
}
