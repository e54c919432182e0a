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

    // Their option is being written.
    private static readonly string[] Coming = ["HighWaterMark__Bucket", "HighWaterMark__Prefix"];

    [Fact]
    public void It_names_every_setting_of_every_options_class() =>
        Assert.Empty(Setting.All.Select(s => s.Name).Except(RequiredVariables.All.Select(v => v.Name)));

    [Fact]
    public void It_names_nothing_that_no_options_class_has()
    {
        var sections = Setting.All.Select(s => s.Section).ToHashSet();
        Assert.Empty(RequiredVariables.All.Where(v => sections.Contains(v.Section)).Select(v => v.Name).Except(Coming)
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

    [GeneratedRegex("^(CRDB|VAULT|REKOR|AWS)_")]
    private static partial Regex Alias();
}
