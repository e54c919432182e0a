namespace Ledger.Core.Tests.Documents;

/// <summary>A page that sends its reader somewhere sends them to something.</summary>
public sealed class LinkTests
{
    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading() => Assert.Empty(Markdown.All.SelectMany(page => page.DeadLinks()));

    [Theory]
    [InlineData("see [x](no-such-page.md)", 1)]
    [InlineData("see [x](formats.md#no-such-heading)", 1)]
    [InlineData("see [x](#here)", 1)]
    [InlineData("## Here\nsee [x](#here), [y](formats.md#envelope-and-signature), [z](https://c2sp.org/tlog-tiles), [l](../LICENSE)", 0)]
    public void A_dead_link_would_be_found(string text, int dead) => Assert.Equal(dead, new Markdown("docs/page.md", text).DeadLinks().Count());
}
