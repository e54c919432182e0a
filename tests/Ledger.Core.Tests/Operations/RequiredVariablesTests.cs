using System.Text.RegularExpressions;
using Ledger.Core.Tests.House;
using Ledger.Testing;
using Ledger.Testing.Processes;

namespace Ledger.Core.Tests.Operations;

/// <summary>The list is what the programs read, and what everybody who starts them gives them.</summary>
public sealed partial class RequiredVariablesTests
{
    private static readonly Dictionary<string, string?> Nothing =
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(name => name.Contains("__", StringComparison.Ordinal) || Alias().IsMatch(name))
            .ToDictionary(name => name, _ => (string?)null);

    [Fact]
    public void It_names_every_setting_of_every_options_class() =>
        Assert.Empty(Setting.All.Select(s => s.Name).Except(RequiredVariables.All.Select(v => v.Name)));

    [Fact]
    public void It_names_nothing_that_no_options_class_has()
    {
        var sections = Setting.All.Select(s => s.Section).ToHashSet();
        Assert.Empty(RequiredVariables.All.Where(v => sections.Contains(v.Section)).Select(v => v.Name)
            .Except(Setting.All.Select(s => s.Name)));
    }

    [Fact]
    public void Each_stands_there_once_and_another_one_that_it_goes_with_too()
    {
        var names = RequiredVariables.All.Select(v => v.Name).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(RequiredVariables.All, v => Assert.Equal(v.Need == Need.WithAnother, v.With is not null));
        Assert.Empty(RequiredVariables.All.Select(v => v.With).OfType<string>().Except(names));
    }

    [Fact]
    public async Task The_workers_say_of_each_that_they_need_it() =>
        Assert.Equal(Needed(ReadBy.Workers), Named(await FaultsAsync(BuiltProgram.Workers, Nothing, "run")));

    [Fact]
    public async Task The_api_says_of_each_that_it_needs_it()
    {
        const string issuer = "Identity__Issuers__0__Issuer", audience = "Identity__Issuers__0__Audience";
        var with = new Dictionary<string, string?>(Nothing);
        var faults = await FaultsAsync(BuiltProgram.Api, with);
        with[issuer] = "https://id.test/realms/ledger";
        faults += await FaultsAsync(BuiltProgram.Api, with);
        with[audience] = "ledger-api";
        faults += await FaultsAsync(BuiltProgram.Api, with);
        Assert.Equal(Needed(ReadBy.Api), Named(faults));
    }

    [Fact]
    public void The_configuration_page_says_of_each_whether_it_is_required()
    {
        var rows = Row().Matches(File.ReadAllText(RepositoryPath.Of("docs", "configuration.md")))
            .Select(row => row.Value.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray()).ToDictionary(row => row[0]);
        var settings = Setting.All.Select(s => s.Name).ToHashSet();
        Assert.Empty(settings.Except(rows.Keys));
        Assert.All(RequiredVariables.All.Where(v => settings.Contains(v.Name)), v => Assert.Equal(
            (v.Name, v.Need == Need.Always, v.By switch
            {
                ReadBy.Api => "API",
                ReadBy.Workers => "workers",
                _ => "both",
            }),
            (v.Name, rows[v.Name][2] == "required", rows[v.Name][3])));
    }

    [Fact]
    public void The_DevHost_names_each_that_they_need() => Assert.Empty(Unnamed("Ledger.DevHost"));

    [Fact]
    public void The_AppHost_names_each_that_they_need() => Assert.Empty(Unnamed("Ledger.AppHost"));

    private static IEnumerable<string> Unnamed(string project)
    {
        var text = string.Concat(SourceFile.CSharp.Where(file => file.Project == project).Select(file => file.Text));
        return RequiredVariables.Of(ReadBy.Both).Where(name => !IsNamed(text, name));
    }

    // An Aspire reference to a database named `ledger` becomes ConnectionStrings__ledger; marks go to a folder or a bucket.
    private static bool IsNamed(string text, string name) => text.Contains($"\"{name}\"", StringComparison.Ordinal) || name switch
    {
        "ConnectionStrings__ledger" => text.Contains("AddDatabase(\"ledger\"", StringComparison.Ordinal),
        "HighWaterMark__Bucket" => text.Contains("\"HighWaterMark__Directory\"", StringComparison.Ordinal),
        _ => false,
    };

    private static async Task<string> FaultsAsync(string program, Dictionary<string, string?> environment, params string[] arguments)
    {
        await using var process = await ProcessUnderTest.StartDotnetAsync(program, environment, arguments);
        Assert.Equal(ConfigurationFaults.ExitCode, await process.Exited);
        return process.Output + "\n";
    }

    // Of alternatives a fault names one or all.
    private static IEnumerable<string> Needed(ReadBy program) =>
        RequiredVariables.Of(program).Select(Alternatives).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Named(string faults) => Name().Matches(faults)
        .Select(m => Alternatives(m.Groups["name"].Value.Replace(":", "__", StringComparison.Ordinal))).Distinct()
        .Order(StringComparer.Ordinal);

    private static string Alternatives(string name) =>
        RequiredVariables.All.SingleOrDefault(v => v.Name == name) is { Need: Need.OneOf } one ? one.Section : name;

    [GeneratedRegex(@"^(ledger-api: )?(?<name>[A-Za-z]+(:\w+)+)", RegexOptions.Multiline)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\| `\w+(__\w+)*` \|.*\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("^(CRDB|VAULT|REKOR|AWS)_")]
    private static partial Regex Alias();
}
