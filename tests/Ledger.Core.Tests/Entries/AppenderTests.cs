using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Ledger.Verify.Entries;

namespace Ledger.Core.Tests.Entries;

public sealed class AppenderTests
{
    [PostgresFact]
    public async Task An_appended_entry_is_stored_chained_and_signed_and_its_receipt_holds()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var first = await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "first");
        var second = await ledger.Api.AppendAsync(LedgerUnderTest.Demo, "second");

        Assert.Equal((0, 1), (first.Seq, second.Seq));
        Assert.Equal(first.LeafHash, second.Prev);
        Assert.Equal(2, await ledger.CheckLogAsync(LedgerUnderTest.Demo));
        var key = await ledger.Api.Keys.ResolveAsync("ledger-ed25519", 1, Core.Signing.KeyPurpose.Entry, null, CancellationToken.None);
        var receipt = Receipts.Of(second, "ledger.test/log/demo", key);
        Assert.Equal((1, second.KeyId, second.Id.ToString()), (receipt.ChainSeq, receipt.KeyId, receipt.Id));
    }

    [PostgresFact]
    public async Task A_batch_is_stored_in_one_piece_and_answers_in_request_order_with_its_refused_items()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var problem = new LedgerProblem(ProblemTypes.MissingField, "'payload' is required.", "items[1].payload");
        AppendBodyItem[] items = [new(LedgerUnderTest.Item("a"), null), new(null, problem), new(LedgerUnderTest.Item("c"), null)];

        var results = await ledger.Api.Appender.AppendBatchAsync(LedgerUnderTest.Demo, items, null, CancellationToken.None);

        Assert.Equal(["a", null, "c"], results.Select(r => r.Entry?.Subject));
        Assert.Equal([0L, null, 1L], results.Select(r => r.Entry?.Seq));
        Assert.Same(problem, results[1].Problem);
        Assert.Equal(2, await ledger.CheckLogAsync(LedgerUnderTest.Demo));
    }

    [PostgresFact]
    public async Task A_batch_of_a_thousand_is_one_transaction()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var items = Enumerable.Range(0, 1000).Select(i => new AppendBodyItem(LedgerUnderTest.Item($"s{i}"), null)).ToList();

        var results = await ledger.Api.Appender.AppendBatchAsync(LedgerUnderTest.Demo, items, null, CancellationToken.None);

        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long?)i), results.Select(r => r.Entry?.Seq));
        Assert.Equal(1000, await ledger.CheckLogAsync(LedgerUnderTest.Demo));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(DISTINCT xmin::text) FROM chain_entries"));
    }

    [PostgresFact]
    public async Task An_unknown_tenant_is_refused()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var problem = await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(TenantId.Parse("nobody")));
        Assert.Equal(ProblemTypes.TenantRequired, problem.Type);
    }

    [PostgresFact]
    public async Task A_row_that_only_the_database_refuses_does_not_harm_its_group()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entries = await ledger.Api.SignedAsync(LedgerUnderTest.Demo, "a", "b", "c");
        await ledger.Api.Appender.CommitAsync(LedgerUnderTest.Demo, new Submission([entries[0]]));

        var held = await HeldLane.HoldAsync(ledger.Api, LedgerUnderTest.Demo);
        var group = entries.Index().Select(e => (e.Index + 1) % 3)
            .Select(i => ledger.Api.Appender.CommitAsync(LedgerUnderTest.Demo, new Submission([entries[i]]))).ToList();
        await held.ReleaseAsync();

        Assert.Equal(CommitStatus.Stored, (await group[0]).Status);
        Assert.Equal(CommitStatus.Stored, (await group[1]).Status);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => group[2]); // the same id again
        Assert.Equal(4, await ledger.CheckLogAsync(LedgerUnderTest.Demo));
    }
}
