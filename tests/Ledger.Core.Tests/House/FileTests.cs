using System.Text.RegularExpressions;

namespace Ledger.Core.Tests.House;

/// <summary>Names, lengths and words that no file may have.</summary>
public sealed partial class FileTests
{
    private const int MostLines = 400;
    private const int MedianLines = 80;
    private const int MostColumns = 140;

    private static readonly string[] SaysNothing = ["Common", "Utils", "Util", "Utilities", "Helper", "Helpers", "Manager", "Managers",
        "Misc", "Shared", "Service1"];

    [Fact]
    public void A_folder_is_a_noun_of_the_product() =>
        Assert.Empty(SourceFile.CSharp.SelectMany(f => f.Path.Split("/")[..^1]).Intersect(SaysNothing));

    [Fact]
    public void A_file_is_a_noun_of_the_product() =>
        Assert.Empty(SourceFile.CSharp.Where(f => NamedForNothing(f.Path)).Select(f => f.Path));

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Assert.Empty(SourceFile.CSharp.Concat(SourceFile.Sql).Where(f => f.LineCount > MostLines).Select(f => $"{f.Path}: {f.LineCount}"));

    [Fact]
    public void No_line_of_the_product_is_longer_than_140_characters() =>
        Assert.Empty(SourceFile.CSharp.Where(f => !f.IsTest).SelectMany(f => TooLong(f.Path, f.Text)));

    /// <summary>What tests recorded, statements and documents, stands in their strings in one piece.</summary>
    [Fact]
    public void No_line_of_a_test_is_longer_than_140_characters_without_its_strings() =>
        Assert.Empty(SourceFile.CSharp.Where(f => f.IsTest).SelectMany(f => TooLong(f.Path, f.Code)));

    [Fact]
    public void A_line_that_is_too_long_would_be_seen() =>
        Assert.Equal(["x:2"], TooLong("x", $"{new string('a', MostColumns)}\r\n{new string('b', MostColumns + 1)}\n"));

    [Fact]
    public void Half_of_the_product_s_files_have_80_lines_or_fewer()
    {
        var lengths = SourceFile.CSharp.Where(f => !f.IsTest).Select(f => f.LineCount).Order().ToList();
        Assert.InRange(lengths[lengths.Count / 2], 1, MedianLines);
    }

    [Fact]
    public void Nobody_puts_a_thread_to_sleep() => Assert.Empty(Holding(ThreadSleep()));

    [Fact]
    public void Nothing_is_left_for_later() => Assert.Empty(Holding(LeftForLater()));

    [Fact]
    public void A_comment_points_to_no_page_outside_the_repository() => Assert.Empty(Holding(ForeignPage()));

    [Fact]
    public void Only_the_command_line_of_the_verifier_reads_and_writes() =>
        Assert.Empty(
            SourceFile.CSharp.Where(f => f.Project == "Ledger.Verify" && f.Room is not ("Cli" or "") && InputOrOutput().IsMatch(f.Code))
                .Select(f => f.Path));

    [Fact]
    public void There_is_an_input_output_of_the_verifier_to_look_at() =>
        Assert.Contains(SourceFile.CSharp, f => f.Project == "Ledger.Verify" && InputOrOutput().IsMatch(f.Code));

    [Theory]
    [InlineData("Ledger.Core/Entries/EntryHelper.cs", true)]
    [InlineData("Ledger.Core/Entries/Utils.cs", true)]
    [InlineData("Ledger.Core/Entries/EntryReader.cs", false)]
    public void A_name_that_says_nothing_would_be_seen(string path, bool seen) => Assert.Equal(seen, NamedForNothing(path));

    [Fact]
    public void A_line_is_counted_once() =>
        Assert.Equal([2, 2], new[] { "a\nb\n", "a\nb" }.Select(text => new SourceFile("x/y.cs", text).LineCount));

    private static bool NamedForNothing(string path) =>
        SaysNothing.Any(word => Path.GetFileNameWithoutExtension(path).EndsWith(word, StringComparison.Ordinal));

    private static IEnumerable<string> TooLong(string path, string text) =>
        text.Split('\n').Index().Where(line => line.Item.TrimEnd('\r').Length > MostColumns).Select(line => $"{path}:{line.Index + 1}");

    private static IEnumerable<string> Holding(Regex what) =>
        SourceFile.CSharp.Concat(SourceFile.Sql).Where(f => what.IsMatch(f.Text)).Select(f => f.Path);

    // Spelled so that this file does not hold what it looks for.
    [GeneratedRegex(@"Thread[.]Sleep\(")]
    private static partial Regex ThreadSleep();

    [GeneratedRegex(@"\b(TO[D]O|FIX[M]E|HA[C]K|XX[X])\b|NotImplemente[d]Exception")]
    private static partial Regex LeftForLater();

    [GeneratedRegex(@"\bDES[I]GN\b|\bissu[e] [0-9]")]
    private static partial Regex ForeignPage();

    [GeneratedRegex(@"(?<![\w.])(File|Directory|Console|Process|Socket|FileStream)\.[A-Z]|\b(HttpClient|TcpClient|FileStream)\b")]
    private static partial Regex InputOrOutput();
}
