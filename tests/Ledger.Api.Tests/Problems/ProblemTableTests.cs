using System.Text.RegularExpressions;
using Ledger.Core.Problems;
using Ledger.Testing;

namespace Ledger.Api.Tests.Problems;

public partial class ProblemTableTests
{
    [Fact]
    public async Task The_documented_table_is_the_code()
    {
        var rows = from line in await File.ReadAllLinesAsync(RepositoryPath.Of("docs", "problems.md"))
                   let row = Row().Match(line)
                   where row.Success
                   select $"{row.Groups[1]} {row.Groups[2]} {row.Groups[3]} {row.Groups[4]}";
        Assert.Equal(ProblemTypes.All.Select(type => $"{type.Slug} {type.Status} {type.RetryAfterSeconds} {type.Meaning}"), rows);
    }

    [Fact]
    public void No_slug_means_two_things()
    {
        Assert.Equal(ProblemTypes.All.Count, ProblemTypes.All.Select(type => type.Slug).Distinct().Count());
    }

    [GeneratedRegex(@"^\| `([a-z0-9_-]+)` \| (\d{3}) \| (\d*) \| (.+) \|$")]
    private static partial Regex Row();
}
