using System.Text.RegularExpressions;
using Ledger.Core.Signing;
using Ledger.Core.Tests.House;

namespace Ledger.Core.Tests.Documents;

/// <summary>What docs/configuration.md tells an operator to set is read under that name, with that default.</summary>
public sealed partial class ConfigurationPageTests
{
    private static readonly Markdown Page = Markdown.Read("docs/configuration.md");

    private static readonly string Sources = string.Concat(SourceFile.CSharp.Where(f => !f.IsTest).Select(f => f.Text));

    [Fact]
    public void Every_variable_in_its_table_is_read()
    {
        var variables = Rows().Select(row => row[0]).ToList();
        Assert.Contains("Vault__Address", variables);
        Assert.All(variables, variable => Assert.True(!variable.Contains("__", StringComparison.Ordinal) || IsRead(variable), variable));
    }

    [Fact]
    public void Every_alias_in_its_table_is_one_and_every_alias_is_named() =>
        Assert.Equal(
            AliasLine().Matches(SourceFile.CSharp.Single(f => f.Path == "Ledger.Core/ConfigurationAliases.cs").Text)
                .Select(m => m.Groups["alias"].Value).Order(),
            Rows().Select(row => row[1]).Where(alias => alias.Length > 0).Distinct().Order());

    [Fact]
    public void The_defaults_in_its_table_are_the_programs()
    {
        var shown = Rows().ToDictionary(row => row[0], row => row[2]);
        var vault = new VaultOptions();
        Assert.Equal((vault.TransitKey, vault.Mount), (shown["Vault__TransitKey"], shown["Vault__Mount"]));
        Assert.Contains($"EntriesPerSecond {{ get; set; }} = {shown["Scrubber__EntriesPerSecond"]};", Sources, StringComparison.Ordinal);
    }

    // Section__Index__Member, Section__Member or Section__List__Index: a class says the section, a property the member.
    private static bool IsRead(string variable)
    {
        var parts = variable.Split("__");
        return parts[0] == "ConnectionStrings"
            || (Sources.Contains($"Section = \"{parts[0]}\"", StringComparison.Ordinal)
                && Regex.IsMatch(Sources, $@"\b{parts.Last(part => !char.IsAsciiDigit(part[0]))} {{ get;"));
    }

    private static IEnumerable<string[]> Rows() =>
        TableRow().Matches(Page.Text).Select(row => row.Value.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray());

    [GeneratedRegex(@"^\| `\w+(__\w+)*` \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("^\\s+\\(\"(?<alias>[A-Z_]+)\", \\[", RegexOptions.Multiline)]
    private static partial Regex AliasLine();
}
