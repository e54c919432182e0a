using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Tests.Entries;

/// <summary>Rows that ride along with a submission's entries.</summary>
public sealed class RiderTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    [PostgresFact]
    public async Task What_rides_is_stored_in_the_groups_one_transaction_and_knows_its_entries_seqs()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entries = await ledger.Api.SignedAsync(Demo, "a", "b", "c");
        var held = await HeldLane.HoldAsync(ledger.Api, Demo);
        var group = entries.Select((entry, i) => CommitAsync(ledger.Api, entry, i == 1 ? null : $"key-{i}")).ToList();
        await held.ReleaseAsync();
        Assert.Equal([1L, 2, 3], (await Task.WhenAll(group)).Select(outcome => outcome.Entries[0].Seq));
        Assert.Equal(["key-0|1", "key-2|3"], await ledger.TableAsync("SELECT key, first_seq FROM idempotency ORDER BY key"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("""
            SELECT count(DISTINCT x)
              FROM (SELECT xmin::text AS x FROM chain_entries WHERE seq > 0 UNION SELECT xmin::text FROM idempotency) xs
            """));
    }

    [PostgresFact]
    public async Task A_rider_that_the_database_refuses_takes_its_own_entry_with_it_and_nobody_elses()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entries = await ledger.Api.SignedAsync(Demo, "a", "b", "c");
        var held = await HeldLane.HoldAsync(ledger.Api, Demo);
        var group = entries.Select((entry, i) => CommitAsync(ledger.Api, entry, i == 2 ? "other" : "same")).ToList();
        await held.ReleaseAsync();
        Assert.Equal(CommitStatus.Stored, (await group[0]).Status);
        Assert.Equal(PostgresErrorCodes.UniqueViolation, (await Assert.ThrowsAsync<PostgresException>(() => group[1])).SqlState);
        Assert.Equal(CommitStatus.Stored, (await group[2]).Status);
        Assert.Equal(3, await ledger.CheckLogAsync(Demo)); // the held one, and two
    }

    [PostgresFact]
    public async Task What_is_dropped_lets_nothing_ride()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entries = await ledger.Api.SignedAsync(Demo, "a");
        var outcome = await ledger.Api.Appender.CommitAsync(Demo, new Submission(entries)
        {
            Gate = (_, _) => Task.FromResult(false),
            Riders = _ => Assert.Fail("it rides"),
        });
        Assert.Equal(CommitStatus.Dropped, outcome.Status);
    }

    // The table of Idempotency-Keys will do: any that the API may insert into.
    private static Task<CommitOutcome> CommitAsync(LedgerProcess process, PreparedEntry entry, string? key) =>
        process.Appender.CommitAsync(Demo, new Submission([entry])
        {
            Riders = key is null ? null : riding => riding.Batch.Add("""
                INSERT INTO idempotency (tenant_id, principal, route, key, epoch, first_seq, expires_at)
                VALUES ($1, '', '', $2, 1, $3, 'infinity')
                """, Text(Demo.Value), Text(key), Long(riding.Entries[0].Seq)),
        });
}
