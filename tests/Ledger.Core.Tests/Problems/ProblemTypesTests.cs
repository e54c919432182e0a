using System.Text.RegularExpressions;
using Ledger.Core.Problems;

namespace Ledger.Core.Tests.Problems;

public sealed partial class ProblemTypesTests
{
    [Fact]
    public void Every_slug_is_its_own_and_in_kebab_case_but_the_ancestors()
    {
        Assert.Equal(ProblemTypes.All.Count, ProblemTypes.All.DistinctBy(t => t.Slug).Count());
        Assert.Equal(["invalid_query", "fact_chain_mismatch"], ProblemTypes.All.Select(t => t.Slug).Where(s => !KebabCase().IsMatch(s)));
        Assert.Contains(ProblemTypes.Internal, ProblemTypes.All);
    }

    [Fact]
    public void Every_status_is_an_error_and_every_meaning_a_sentence()
    {
        Assert.All(ProblemTypes.All, t => Assert.InRange(t.Status, 400, 503));
        Assert.All(ProblemTypes.All, t => Assert.Matches(@"^[A-Z].*\.$", t.Meaning));
        Assert.All(ProblemTypes.All, t => Assert.Equal("urn:ledger:problem:" + t.Slug, t.Urn));
    }

    [Fact]
    public void Waiting_is_advised_only_where_it_may_help()
    {
        Assert.All(ProblemTypes.All.Where(t => t.RetryAfterSeconds is not null), t => Assert.Contains(t.Status, new[] { 409, 429, 503 }));
        Assert.All([ProblemTypes.LogRolledBack, ProblemTypes.LogHalted, ProblemTypes.SignerKeyChanged], t =>
            Assert.Null(t.RetryAfterSeconds));
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex KebabCase();
}
