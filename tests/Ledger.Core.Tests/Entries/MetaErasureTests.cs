using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Entries;

public sealed class MetaErasureTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    [PostgresFact]
    public async Task Erasure_drops_meta_and_salt_and_leaves_statement_leaf_and_chain_as_they_were()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(Demo);
        await ledger.Api.AppendAsync(Demo);
        var before = await ledger.Api.Reader.FindAsync(Demo, entry.Id, CancellationToken.None);

        Assert.True(await EraseAsync(ledger, Demo, entry.Id));

        var after = await ledger.Api.Reader.FindAsync(Demo, entry.Id, CancellationToken.None);
        Assert.Equal((null, null), (after!.Meta, after.Salt));
        Assert.Equal(before!.Entry.ToStatement().ToBytes(), after.Entry.ToStatement().ToBytes());
        Assert.Equal(before.Entry.LeafHash, after.Entry.ToLeaf(after.Origin).Hash());
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM entry_meta"));
    }

    [PostgresFact]
    public async Task Erasing_twice_is_as_good_as_once_and_audited_once()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(Demo);
        Assert.True(await EraseAsync(ledger, Demo, entry.Id));
        Assert.True(await EraseAsync(ledger, Demo, entry.Id));
        Assert.Equal(
            $$"""demo {"action":"entry.meta.erase","actor":"alice","at":"2026-01-01T00:00:00.000000Z","target":"{{entry.Id}}","tenant":"demo"}""",
            await ledger.ScalarAsync<string>("SELECT string_agg(tenant_id || ' ' || convert_from(event, 'UTF8'), ';') FROM audit_outbox"));
    }

    [PostgresFact]
    public async Task An_unknown_entry_and_another_tenants_are_the_same_nothing()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(Demo);
        Assert.False(await EraseAsync(ledger, LedgerUnderTest.Other, entry.Id));
        Assert.False(await EraseAsync(ledger, Demo, Guid.Empty));
        Assert.NotNull((await ledger.Api.Reader.FindAsync(Demo, entry.Id, CancellationToken.None))!.Meta);
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_outbox"));
    }

    [PostgresFact]
    public async Task The_key_of_an_erased_entry_stays_taken_until_it_expires_and_says_why()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entry = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));
        await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("untouched"));
        await EraseAsync(ledger, Demo, entry.Id);

        foreach (var body in new[] { "body", "another" })
        {
            var problem = await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k", body)));
            Assert.Equal((ProblemTypes.IdempotencyKeyErased, "Idempotency-Key"), (problem.Type, problem.Field));
        }
        Assert.Equal(1, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("untouched"))).Seq);
        ledger.Time.Advance(TimeSpan.FromHours(24));
        Assert.Equal(2, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k", "another"))).Seq);
    }

    [PostgresFact]
    public async Task Erasing_any_entry_of_a_batch_erases_what_its_key_remembers_of_the_body()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        AppendBodyItem[] items = [new(LedgerUnderTest.Item("a"), null), new(LedgerUnderTest.Item("b"), null),
            new(LedgerUnderTest.Item("c"), null)];
        for (var erased = 0; erased < items.Length; erased++)
        {
            var claim = LedgerUnderTest.Claim($"k{erased}");
            var results = await ledger.Api.Appender.AppendBatchAsync(Demo, items, claim, CancellationToken.None);
            await EraseAsync(ledger, Demo, results[erased].Entry!.Id);
            Assert.Equal(ProblemTypes.IdempotencyKeyErased,
                (await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.Appender.AppendBatchAsync(Demo, items, claim,
                    CancellationToken.None))).Type);
        }
        Assert.Equal(3L, await ledger.ScalarAsync<long>("SELECT count(*) FROM idempotency WHERE salt IS NULL AND fingerprint IS NULL"));
    }

    [PostgresFact]
    public async Task Two_erasures_at_once_are_audited_once()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var second = ledger.StartProcess();
        for (var i = 0; i < 10; i++)
        {
            var entry = await ledger.Api.AppendAsync(Demo);
            var erased = await Task.WhenAll(EraseAsync(ledger, Demo, entry.Id),
                second.Erasure.EraseAsync(Demo, entry.Id, "bob", CancellationToken.None));
            Assert.Equal([true, true], erased);
        }
        Assert.Equal(10L, await ledger.ScalarAsync<long>("SELECT count(*) FROM audit_outbox"));
    }

    private static Task<bool> EraseAsync(LedgerUnderTest ledger, TenantId tenant, Guid id) =>
        ledger.Api.Erasure.EraseAsync(tenant, id, "alice", CancellationToken.None);
}
