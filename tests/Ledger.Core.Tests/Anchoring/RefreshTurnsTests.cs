using Ledger.Core.Anchoring;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Testing.Time;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>How much one tenant can have others asked.</summary>
public sealed class RefreshTurnsTests
{
    private static readonly TenantId Demo = TenantId.Parse("demo"), Other = TenantId.Parse("other");

    private readonly ManualTime time = new();

    [Fact]
    public void A_request_has_four_fresh_proofs_at_most()
    {
        var turns = new RefreshTurns(time);
        turns.Take(Demo, RefreshTurns.ProofsPerRequest);
        var refused = Assert.Throws<LedgerProblemException>(() => turns.Take(Demo, RefreshTurns.ProofsPerRequest + 1));
        Assert.Equal(ProblemTypes.TooManyProofs, refused.Problem.Type);
    }

    [Fact]
    public void A_tenant_has_so_many_a_minute_and_no_other_has_fewer_for_it()
    {
        var turns = new RefreshTurns(time);
        for (var i = 0; i < RefreshTurns.ProofsPerMinute; i++) turns.Take(Demo, 1);
        Assert.Equal(ProblemTypes.RefreshLimited, Assert.Throws<LedgerProblemException>(() => turns.Take(Demo, 1)).Problem.Type);
        turns.Take(Other, 1);
        time.Advance(TimeSpan.FromMinutes(1));
        turns.Take(Demo, 1);
    }

    [Fact]
    public async Task A_log_that_hangs_is_given_up_after_half_a_minute()
    {
        var fetching = new RefreshTurns(time).RunAsync(async token =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return 0;
        }, CancellationToken.None);
        time.Advance(RefreshTurns.Deadline);
        Assert.Equal(ProblemTypes.TransparencyLogUnavailable,
            (await Assert.ThrowsAsync<LedgerProblemException>(() => fetching)).Problem.Type);
    }

    [Fact]
    public async Task A_caller_who_leaves_is_no_deadline()
    {
        using var leaving = new CancellationTokenSource();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new RefreshTurns(time).RunAsync(token => Task.FromCanceled<int>(token), leaving.Token));
    }
}
