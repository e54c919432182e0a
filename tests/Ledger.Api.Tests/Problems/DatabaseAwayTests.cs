using Ledger.Api.Problems;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Tests.Problems;

public sealed class DatabaseAwayTests
{
    [Theory]
    [InlineData(1.2, 2)]
    [InlineData(0.01, 1)]
    [InlineData(null, 2)]
    public void Who_is_not_let_through_to_the_database_is_told_when_somebody_will_be(double? seconds, int retryAfter)
    {
        var away = new DatabaseAwayException(seconds is { } s ? TimeSpan.FromSeconds(s) : null, new IOException("no"));
        var problem = ProblemExceptionHandler.Of(away);
        Assert.Equal((ProblemTypes.DatabaseUnavailable, retryAfter), (problem.Type, problem.RetryAfterSeconds));
    }

    [Fact]
    public void A_commit_in_doubt_is_no_fault_of_ours_and_says_that_the_append_may_be_stored()
    {
        var problem = ProblemExceptionHandler.Of(new CommitInDoubtException("canceling wait for synchronous replication"));
        Assert.Equal(ProblemTypes.DatabaseUnavailable, problem.Type);
        Assert.Contains("may or may not be stored", problem.Detail, StringComparison.Ordinal);
    }
}
