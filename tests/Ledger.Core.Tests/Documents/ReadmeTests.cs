using System.Text.RegularExpressions;
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

    private static IEnumerable<string> Missing(string program) =>
        Readme.Commands().Concat(Readme.Quoted())
            .SelectMany(c => Regex.Matches(c, $@"\b{Regex.Escape(program)} (?<verb>[a-z][a-z-]*)(?![\w.])"))
            .Select(m => m.Groups["verb"].Value).Distinct()
            .Where(verb => !Regex.IsMatch(Sources, $"(new (Root)?Command\\(\\s*|const string Name = )\"{verb}\""));

    [GeneratedRegex(@"\b(tests/)?Ledger\.[A-Z]\w+(\.\w+)?")]
    private static partial Regex ProjectName();

    [GeneratedRegex(@"\b(ledger-verify|Ledger\.(DevHost|Workers))\b")]
    private static partial Regex OwnProgram();

    // What stands before a lone -- is the SDK's.
    [GeneratedRegex(@"\bdotnet .*?( -- |$)")]
    private static partial Regex DotnetsOwn();

    [GeneratedRegex(@"(?<![\w-])(?<name>--[a-z][a-z-]+)")]
    private static partial Regex Option();
}
