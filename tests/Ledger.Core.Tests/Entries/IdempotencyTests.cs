using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Entries;

public sealed class IdempotencyTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    [PostgresFact]
    public async Task The_same_key_and_body_give_the_same_answer_and_one_entry_from_every_process()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var first = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));
        var again = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));
        var elsewhere = await ledger.StartProcess().AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));

        foreach (var answer in new[] { again, elsewhere })
        {
            Assert.Equal((first.Id, first.Seq, first.LeafHash, first.CreatedAt, first.KeyId),
                (answer.Id, answer.Seq, answer.LeafHash, answer.CreatedAt, answer.KeyId));
            Assert.Equal(first.Signature, answer.Signature);
        }
        Assert.Equal(1, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task Another_body_under_the_same_key_is_refused()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k", "body"));
        var problem = await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k", "body ")));
        Assert.Equal((ProblemTypes.IdempotencyKeyReused, "Idempotency-Key"), (problem.Type, problem.Field));
        Assert.Equal(1, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task The_key_of_another_principal_route_or_tenant_is_another_key()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));
        await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k", "other", principal: "bob"));
        await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k", "other", route: "POST /append/batch"));
        await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("K", "other"));
        await ledger.Api.AppendAsync(LedgerUnderTest.Other, "s", LedgerUnderTest.Claim("k", "other"));
        Assert.Equal((4, 1), (await ledger.CheckLogAsync(Demo), await ledger.CheckLogAsync(LedgerUnderTest.Other)));
    }

    [PostgresFact]
    public async Task Thirty_two_at_once_with_one_key_over_two_processes_store_one_entry_and_get_one_answer()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        LedgerProcess[] processes = [ledger.StartProcess(), ledger.StartProcess()];
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 32)
                .Select(i => processes[i % 2].AppendAsync(Demo, "s", LedgerUnderTest.Claim($"k{round}"))));
            Assert.Single(answers.Select(a => (a.Id, a.Seq)).Distinct());
        }
        Assert.Equal(5, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task Of_two_bodies_under_one_key_at_once_one_wins_and_the_other_is_told()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        LedgerProcess[] processes = [ledger.StartProcess(), ledger.StartProcess()];
        var ends = await Task.WhenAll(Enumerable.Range(0, 32).Select(async i =>
        {
            try { return (await processes[i % 2].AppendAsync(Demo, "s", LedgerUnderTest.Claim("k", $"body {i / 2 % 2}"))).Id.ToString(); }
            catch (LedgerProblemException e) { return e.Problem.Type.Slug; }
        }));
        Assert.Equal(16, ends.Count(e => e == "idempotency-key-reused"));
        Assert.Single(ends.Where(e => e != "idempotency-key-reused").Distinct());
        Assert.Equal(1, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task Twice_in_one_group_the_first_is_stored_and_the_second_waits_for_its_answer()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var entries = await ledger.Api.SignedAsync(Demo, "a", "b", "c");
        var held = await HeldLane.HoldAsync(ledger.Api, Demo);
        var outcomes = entries.Select((e, i) => ledger.Api.Appender.CommitAsync(Demo,
            new Submission([e], i < 2 ? LedgerUnderTest.Claim("k") : null))).ToList();
        await held.ReleaseAsync();

        var statuses = (await Task.WhenAll(outcomes)).Select(o => o.Status);
        Assert.Equal([CommitStatus.Stored, CommitStatus.KeyTaken, CommitStatus.Stored], statuses);
        Assert.Equal("a", (await ledger.Api.AppendAsync(Demo, "ignored", LedgerUnderTest.Claim("k"))).Subject);
        Assert.Equal(3, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_batch_with_refused_items_answers_the_same_again()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var early = new LedgerProblem(ProblemTypes.InvalidText, "'items[0].subject' must be valid.", "items[0].subject");
        var late = new LedgerProblem(ProblemTypes.PayloadTooLarge, "ä \"quoted\" \\ 😀");
        AppendBodyItem[] items = [new(null, early), new(LedgerUnderTest.Item("b"), null), new(LedgerUnderTest.Item("c"), null),
            new(null, late)];
        var claim = LedgerUnderTest.Claim("k", route: "POST /append/batch");

        var first = await ledger.Api.Appender.AppendBatchAsync(Demo, items, claim, CancellationToken.None);
        var again = await ledger.StartProcess().Appender.AppendBatchAsync(Demo, items, claim, CancellationToken.None);

        Assert.Equal([null, "b", "c", null], again.Select(r => r.Entry?.Subject));
        Assert.Equal(first.Select(r => (r.Entry?.Id, r.Problem)), again.Select(r => (r.Entry?.Id, r.Problem)));
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_batch_of_refused_items_alone_is_kept_too_and_stores_nothing()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        AppendBodyItem[] items = [new(null, new LedgerProblem(ProblemTypes.MissingField, "'payload' is required.", "items[0].payload"))];
        var claim = LedgerUnderTest.Claim("k");
        var first = await ledger.Api.Appender.AppendBatchAsync(Demo, items, claim, CancellationToken.None);
        var again = await ledger.Api.Appender.AppendBatchAsync(Demo, items, claim, CancellationToken.None);
        Assert.Equal(first, again);
        Assert.Equal(ProblemTypes.IdempotencyKeyReused,
            (await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k", "another")))).Type);
        Assert.Equal(0, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_key_is_kept_for_24_hours_and_then_free_again()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var first = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));
        ledger.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMicroseconds(1));
        Assert.Equal(first.Id, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"))).Id);
        ledger.Time.Advance(TimeSpan.FromMicroseconds(1));
        var second = await ledger.Api.AppendAsync(Demo, "t", LedgerUnderTest.Claim("k", "another"));
        Assert.Equal((1, "t"), (second.Seq, second.Subject));
        Assert.Equal(second.Id, (await ledger.Api.AppendAsync(Demo, "t", LedgerUnderTest.Claim("k", "another"))).Id);
    }

    [PostgresFact]
    public async Task The_cleaner_deletes_what_expired_and_nothing_else()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var worker = ledger.StartProcess(DatabaseRole.Worker);
        await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("old"));
        await ledger.Api.AppendAsync(LedgerUnderTest.Other, "s", LedgerUnderTest.Claim("old"));
        ledger.Time.Advance(TimeSpan.FromHours(24));
        await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("new"));

        Assert.Equal(2, await new IdempotencyCleaning(worker.Database, ledger.Time).CleanAsync(CancellationToken.None));
        Assert.Equal("new", await ledger.ScalarAsync<string>("SELECT string_agg(key, ',') FROM idempotency"));
    }

    [PostgresFact]
    public async Task A_failed_request_leaves_its_key_free()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        ledger.Vault.Always(System.Net.HttpStatusCode.ServiceUnavailable, """{"errors":["Vault is sealed"]}""");
        await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k")));
        ledger.Vault.Instead = null;
        ledger.Marks.Set(Demo, null);
        await LedgerUnderTest.ProblemOfAsync(() => ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k")));
        ledger.Marks.Set(Demo, 0);
        Assert.Equal("t", (await ledger.Api.AppendAsync(Demo, "t", LedgerUnderTest.Claim("k", "another"))).Subject);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("!~", true)]
    [InlineData("", false)]
    [InlineData(" a", false)]
    [InlineData("a\n", false)]
    [InlineData("a\u007f", false)]
    [InlineData("ä", false)]
    public void A_key_is_1_to_255_visible_ascii_characters(string key, bool fine)
    {
        Assert.Equal(fine, IdempotencyClaim.IsKey(key));
        Assert.Equal(fine || key.Length == 0, IdempotencyClaim.IsKey(key.PadRight(255, '.')));
        Assert.False(IdempotencyClaim.IsKey(key.PadRight(256, '.')));
    }
}
