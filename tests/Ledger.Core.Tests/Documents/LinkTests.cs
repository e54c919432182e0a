using System.Text.RegularExpressions;
using Ledger.Core.Tests.House;
using Ledger.Testing;

namespace Ledger.Core.Tests.Documents;

/// <summary>A page that sends its reader somewhere sends them to something.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading() => Assert.Empty(Markdown.All.SelectMany(page => page.DeadLinks()));

    [Fact]
    public void Every_page_that_a_comment_names_exists() =>
        Assert.All(SourceFile.CSharp.Where(f => !f.IsTest).Concat(SourceFile.Sql).SelectMany(f => PageName().Matches(f.Text))
            .Select(m => m.Value).Distinct(),
            page => Assert.True(File.Exists(RepositoryPath.Of(page)), page));

    [Theory]
    [InlineData("see [x](no-such-page.md)", 1)]
    [InlineData("see [x](formats.md#no-such-heading)", 1)]
    [InlineData("see [x](#here)", 1)]
    [InlineData("## Here\nsee [x](#here), [y](formats.md#envelope-and-signature), [z](https://c2sp.org/tlog-tiles), [l](../LICENSE)", 0)]
    public void A_dead_link_would_be_found(string text, int dead) =>
        Assert.Equal(dead, new Markdown("docs/page.md", text).DeadLinks().Count());

    [GeneratedRegex(@"\bdocs/[\w/-]+\.md\b")]
    private static partial Regex PageName();
}
