using Ledger.Core.Checkpoints;
using Ledger.Core.Tests.Checkpoints;
using Ledger.Core.Verification;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Verification;

/// <summary>Rows altered with the guards disabled, as somebody with the machine can: the right reason at the right seq.</summary>
public sealed class ChainProofTests
{
    private const string Unguarded = "ALTER TABLE chain_entries DISABLE TRIGGER ALL; "
        + "ALTER TABLE tiles DISABLE TRIGGER ALL; ALTER TABLE checkpoints DISABLE TRIGGER ALL; ";

    [PostgresFact]
    public async Task A_sound_log_verifies_in_full_in_part_and_incrementally()
    {
        await using var ledger = await LogOfAsync(signed: 260, unsigned: 5);
        var proof = new ChainProof(ledger.Api.Database);

        foreach (var (full, from, to, first, last) in new (bool, long?, long?, long, long)[]
            { (true, null, null, 0, 264), (true, 17, 230, 17, 230), (true, 100, 99, 100, 99), (true, 0, 9999, 0, 264),
                (false, null, null, 0, 264) })
        {
            var result = await proof.CheckAsync(TestLog.Demo, full, from, to, default);
            Assert.Null(result.Mismatch);
            Assert.Equal((first, last, last - first + 1, 265L, 260L),
                (result.From, result.To, result.CheckedEntries, result.NextSeq, result.Checkpoint!.Size));
        }
    }

    [PostgresFact]
    public async Task Full_checks_leave_connections_to_everybody_else()
    {
        await using var ledger = await LogOfAsync(signed: 1, unsigned: 0);
        using var proof = new ChainProof(ledger.Api.Database);
        await using var blocker = new Npgsql.NpgsqlConnection(ledger.Database.Owner);
        await blocker.OpenAsync();
        await using var locking = await blocker.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("LOCK TABLE ledger.chain_entries", blocker))
            await command.ExecuteNonQueryAsync();

        // More than the process has connections; each waits for the table once it has one.
        var checks = Enumerable.Range(0, 20).Select(_ => proof.CheckAsync(TestLog.Demo, full: true, null, null, default)).ToList();
        Assert.NotNull(await new LogReader(ledger.Api.Database).FindAsync(TestLog.Demo, null, default));

        await locking.RollbackAsync();
        Assert.All(await Task.WhenAll(checks), result => Assert.Null(result.Mismatch));
    }

    [PostgresFact]
    public async Task An_empty_log_verifies()
    {
        await using var ledger = await TestLog.StartAsync();
        foreach (var full in new[] { true, false })
        {
            var result = await new ChainProof(ledger.Api.Database).CheckAsync(TestLog.Demo, full, null, null, default);
            Assert.Null(result.Mismatch);
            Assert.Equal((0L, 0L), (result.NextSeq, result.CheckedEntries));
        }
    }

    [PostgresTheory]
    [InlineData("DELETE FROM chain_entries WHERE seq = 3", "fact_missing", 3)]
    [InlineData("DELETE FROM chain_entries WHERE seq = 0", "fact_missing", 0)]
    [InlineData("DELETE FROM chain_entries WHERE seq IN (2, 6)", "fact_missing", 2)]
    [InlineData("UPDATE chain_entries SET subject = 'x' WHERE seq = 2; DELETE FROM chain_entries WHERE seq = 6", "fact_missing", 6)]
    [InlineData("DELETE FROM chain_entries WHERE seq = 8", "chain_seq_gap", 8)]
    [InlineData("DELETE FROM chain_entries WHERE seq >= 5", "chain_seq_gap", 5)]
    [InlineData("DELETE FROM chain_entries", "chain_seq_gap", 0)]
    [InlineData("UPDATE chain_heads SET next_seq = 12", "chain_seq_gap", 9)]
    [InlineData("UPDATE chain_heads SET next_seq = 7", "chain_seq_gap", 7)]
    [InlineData("UPDATE chain_entries SET subject = 'x' WHERE seq = 2; DELETE FROM chain_entries WHERE seq = 8", "chain_seq_gap", 8)]
    [InlineData("UPDATE chain_entries SET prev = sha256('') WHERE seq = 4", "previous_hash_mismatch", 4)]
    [InlineData("UPDATE chain_entries SET prev = sha256('') WHERE seq = 0", "previous_hash_mismatch", 0)]
    [InlineData("UPDATE chain_entries SET subject = 'another' WHERE seq = 4", "event_hash_mismatch", 4)]
    [InlineData("UPDATE chain_entries SET payload_hash = sha256('other') WHERE seq = 4", "event_hash_mismatch", 4)]
    [InlineData("UPDATE chain_entries SET created_at = created_at + interval '1 microsecond' WHERE seq = 4", "event_hash_mismatch", 4)]
    [InlineData("UPDATE chain_entries SET id = gen_random_uuid() WHERE seq = 4", "event_hash_mismatch", 4)]
    [InlineData("UPDATE chain_entries SET meta_commitment = sha256('') WHERE seq = 4", "event_hash_mismatch", 4)]
    [InlineData("UPDATE chain_entries SET statement_sha256 = sha256('') WHERE seq = 4", "event_hash_mismatch", 4)]
    [InlineData("UPDATE chain_entries SET signature = set_byte(signature, 7, 255 - get_byte(signature, 7)) WHERE seq = 4",
        "event_hash_mismatch", 4)]
    [InlineData("UPDATE chain_entries SET key_id = 'SHA256:unknown' WHERE seq = 8", "event_hash_mismatch", 8)]
    [InlineData("UPDATE key_ranges SET to_position = 5 WHERE purpose = 'entry'", "event_hash_mismatch", 6)]
    [InlineData("UPDATE chain_entries SET leaf_hash = sha256('') WHERE seq = 4", "chain_hash_mismatch", 4)]
    [InlineData("UPDATE chain_heads SET head_hash = sha256('')", "chain_hash_mismatch", 8)]
    [InlineData("UPDATE checkpoints SET note = replace(note, 'ledger.test', 'ledger.tset')", "chain_hash_mismatch", 5)]
    [InlineData("DELETE FROM checkpoints", "chain_hash_mismatch", 5)]
    [InlineData("UPDATE tree_heads SET root = sha256('')", "chain_hash_mismatch", 5)]
    [InlineData("UPDATE tree_heads SET right_edge = right_edge || sha256('')", "chain_hash_mismatch", 5)]
    public async Task An_altered_row_is_named(string alteration, string reason, long seq)
    {
        await using var ledger = await LogOfAsync(signed: 6, unsigned: 3);
        await ledger.SqlAsync(Unguarded + alteration.Replace("WHERE", "WHERE tenant_id = 'demo' AND", StringComparison.Ordinal));

        foreach (var full in new[] { true, false })
        {
            var found = (await new ChainProof(ledger.Api.Database).CheckAsync(TestLog.Demo, full, null, null, default)).Mismatch;
            Assert.NotNull(found);
            Assert.Equal((reason, seq), (found.Reason.Slug(), found.ChainSeq));
        }
    }

    [PostgresTheory]
    [InlineData("UPDATE tiles SET hashes = set_byte(hashes, 32 * 77, 255 - get_byte(hashes, 32 * 77))", 77)]
    [InlineData("DELETE FROM tiles", 0)]
    public async Task An_altered_tile_is_named(string alteration, long seq)
    {
        await using var ledger = await LogOfAsync(signed: 257, unsigned: 0);
        await ledger.SqlAsync(Unguarded + alteration);

        var found = (await new ChainProof(ledger.Api.Database).CheckAsync(TestLog.Demo, true, null, null, default)).Mismatch;
        Assert.Equal(new ChainMismatch(MismatchReason.ChainHashMismatch, seq), found);
    }

    [PostgresFact]
    public async Task The_scrubber_finds_what_the_incremental_check_cannot_see_and_keeps_it()
    {
        await using var ledger = await LogOfAsync(signed: 2300, unsigned: 0);
        await ledger.SqlAsync(Unguarded + "UPDATE chain_entries SET subject = 'old' WHERE tenant_id = 'demo' AND seq = 40;"
            + "UPDATE chain_entries SET subject = 'older' WHERE tenant_id = 'demo' AND seq = 1100");
        var proof = new ChainProof(ledger.Api.Database);
        var scrubber = new Scrubber(ledger.StartWorker().Database, ledger.Time, ledger.Log.For<Scrubber>());
        Assert.Equal(new ChainMismatch(MismatchReason.EventHashMismatch, 40),
            (await proof.CheckAsync(TestLog.Demo, true, null, null, default)).Mismatch);
        Assert.Equal(1300, (await proof.CheckAsync(TestLog.Demo, false, null, null, default)).From);

        var steps = new List<int>();
        for (var i = 0; i < 3; i++) steps.Add(await scrubber.StepAsync(TestLog.Demo, 1, default));

        Assert.Equal([1024, 1024, 252], steps);
        var result = await proof.CheckAsync(TestLog.Demo, false, null, null, default);
        Assert.Null(result.Mismatch);
        Assert.Equal((0L, 1L, new ChainMismatch(MismatchReason.EventHashMismatch, 40)),
            (result.Scrub.NextSeq, result.Scrub.Passes, result.Scrub.Finding));
        Assert.NotNull(result.Scrub.LastPassAt);
        Assert.Single(ledger.Log.Alerts);

        for (var i = 0; i < 3; i++) await scrubber.StepAsync(TestLog.Demo, 1, default);
        Assert.Equal(new ChainMismatch(MismatchReason.EventHashMismatch, 40),
            (await proof.CheckAsync(TestLog.Demo, false, null, null, default)).Scrub.Finding);
        Assert.Single(ledger.Log.Alerts);
    }

    [PostgresFact]
    public async Task The_scrubber_finds_nothing_in_a_sound_log_that_grows()
    {
        await using var ledger = await LogOfAsync(signed: 3, unsigned: 2);
        var scrubber = new Scrubber(ledger.StartWorker().Database, ledger.Time, ledger.Log.For<Scrubber>());
        for (var i = 0; i < 4; i++)
        {
            foreach (var (tenant, epoch) in await scrubber.LogsAsync(default)) await scrubber.StepAsync(tenant, epoch, default);
            await ledger.AppendAsync(2);
            await TestLog.IntegrateAsync(ledger.StartIntegrator());
        }
        var result = await new ChainProof(ledger.Api.Database).CheckAsync(TestLog.Demo, false, null, null, default);
        Assert.Equal((4L, null), (result.Scrub.Passes, result.Scrub.Finding));
        Assert.Empty(ledger.Log.Alerts);
    }

    private static async Task<TestLog> LogOfAsync(int signed, int unsigned)
    {
        var ledger = await TestLog.StartAsync();
        await ledger.AppendBatchAsync(signed);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        await ledger.AppendBatchAsync(unsigned);
        return ledger;
    }
}
