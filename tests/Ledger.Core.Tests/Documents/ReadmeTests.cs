using System.Text.RegularExpressions;
using Ledger.Core.Signing;
using Ledger.Core.Tests.House;
using Ledger.Testing;

namespace Ledger.Core.Tests.Documents;

/// <summary>What README.md tells a reader to type or to set exists under that name.</summary>
public sealed partial class ReadmeTests
{
    private static readonly Markdown Readme = Markdown.Read("README.md");

    private static readonly string Sources = string.Concat(SourceFile.CSharp.Where(f => !f.IsTest).Select(f => f.Text));

    [Fact]
    public void It_shows_the_two_commands() =>
        Assert.Superset(new HashSet<string> { "dotnet run --project Ledger.DevHost", "dotnet test Ledger.Containerless.slnf" },
            Readme.Commands().ToHashSet());

    [Fact]
    public void Every_project_and_solution_it_names_exists()
    {
        var names = Readme.Commands().Concat(Readme.Quoted()).SelectMany(c => ProjectName().Matches(c)).Select(m => m.Value.TrimEnd('.'))
            .Distinct().ToList();
        Assert.Contains("Ledger.DevHost", names);
        Assert.All(names, name => Assert.True(Path.Exists(RepositoryPath.Of(name)) || Path.Exists(RepositoryPath.Of("tests", name)), name));
    }

    [Fact]
    public void Every_command_of_the_workers_it_names_exists() => Assert.Empty(Missing("Ledger.Workers"));

    [Fact]
    public void Every_command_of_the_verifier_it_names_exists() => Assert.Empty(Missing("ledger-verify"));

    [Fact]
    public void Every_option_of_ours_it_names_exists()
    {
        var lines = Readme.Commands().Concat(Readme.Quoted())
            .Where(c => OwnProgram().IsMatch(c) || c.StartsWith("--", StringComparison.Ordinal));
        var options = lines.SelectMany(c => Option().Matches(DotnetsOwn().Replace(c, ""))).Select(m => m.Groups["name"].Value)
            .Distinct().ToList();
        Assert.Contains("--trust", options);
        Assert.All(options, option => Assert.True(Sources.Contains($"\"{option}\"", StringComparison.Ordinal), option));
    }

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

    private static IEnumerable<string> Missing(string program) =>
        Readme.Commands().Concat(Readme.Quoted())
            .SelectMany(c => Regex.Matches(c, $@"\b{Regex.Escape(program)} (?<verb>[a-z][a-z-]*)(?![\w.])"))
            .Select(m => m.Groups["verb"].Value).Distinct()
            .Where(verb => !Regex.IsMatch(Sources, $"(new (Root)?Command\\(\\s*|const string Name = )\"{verb}\""));

    // Section__Index__Member, Section__Member or Section__List__Index: a class says the section, a property the member.
    private static bool IsRead(string variable)
    {
        var parts = variable.Split("__");
        return parts[0] == "ConnectionStrings"
            || (Sources.Contains($"Section = \"{parts[0]}\"", StringComparison.Ordinal)
                && Regex.IsMatch(Sources, $@"\b{parts.Last(part => !char.IsAsciiDigit(part[0]))} {{ get;"));
    }

    private static IEnumerable<string[]> Rows() =>
        TableRow().Matches(Readme.Text).Select(row => row.Value.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray());

    [GeneratedRegex(@"\b(tests/)?Ledger\.[A-Z]\w+(\.\w+)?")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"\b(ledger-verify|Ledger\.(DevHost|Workers))\b")]
    private static partial Regex OwnProgram();

    // What stands before a lone -- is the SDK's.
    [GeneratedRegex(@"\bdotnet .*?( -- |$)")]
    private static partial Regex DotnetsOwn();

    [GeneratedRegex(@"(?<![\w-])(?<name>--[a-z][a-z-]+)")]
    private static partial Regex Option();

    [GeneratedRegex(@"^\| `\w+(__\w+)*` \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex("^\\s+\\(\"(?<alias>[A-Z_]+)\", \\[", RegexOptions.Multiline)]
    private static partial Regex AliasLine();
}
