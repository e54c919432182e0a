using System.Globalization;
using Ledger.Api.Tenancy;
using Ledger.Testing;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>docs/access.md says what the table and the code say.</summary>
public sealed class AccessDocumentTests
{
    private static readonly string[] Page = File.ReadAllText(RepositoryPath.Of("docs", "access.md")).ReplaceLineEndings("\n").Split('\n');

    [Fact]
    public void Its_operations_are_the_tables() =>
        Assert.Equal(AccessTable.Operations.Select(o => $"| `{o}` | {Name(o.Who)} | {Names(o.Marks)} |"), Rows("| operation | who | |"));

    [Fact]
    public void Its_roles_have_the_scopes_of_the_code()
    {
        var expected = Roles.All.Select(role => $"| `{role}` | " + string.Join(" | ",
            Scopes.All.Select(scope => Scopes.OfRoles.GetValueOrDefault(role)?.Contains(scope) == true ? "yes" : "")) + " |");
        Assert.Equal(expected, Rows("| role | " + string.Join(" | ", Scopes.All.Select(scope => $"`{scope}`")) + " |"));
    }

    [Fact]
    public void Its_defaults_are_the_codes()
    {
        var limits = new RateLimitOptions();
        var rows = Rows("| counted by | setting | unit | default | at once |").Concat(Rows("| setting | unit | default | |")).ToList();
        foreach (var (setting, value) in new (string, object)[]
                 {
                     ("RateLimits:RequestsPerSecond", limits.RequestsPerSecond),
                     ("RateLimits:PublicRequestsPerSecond", limits.PublicRequestsPerSecond),
                     ("RateLimits:NewTokensPerSecond", limits.NewTokensPerSecond),
                     ("RateLimits:AcceptancesPerMinute", limits.AcceptancesPerMinute),
                     ("Security:AdminAllowedCidrs:N", string.Join(", ", new SecurityOptions().AdminNetworks.Select(n => $"`{n}`"))),
                 })
            Assert.Contains($"| {string.Create(CultureInfo.InvariantCulture, $"{value}")} |",
                Assert.Single(rows, row => row.Contains($"`{setting}`", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    private static string Name(Who who) => who switch
    {
        Who.Everybody => "everybody",
        Who.Writers => "writers",
        Who.Readers => "readers",
        Who.LogReaders => "everybody where the log is public, else readers",
        Who.ClientAdmins => Roles.ClientAdmin,
        Who.Operators => "operators",
        Who.PlatformAdmins => Roles.PlatformAdmin,
        _ => throw new ArgumentOutOfRangeException(nameof(who)),
    };

    private static string Names(Marks marks) => string.Join(", ", new[]
    {
        (Marks.Sensitive, "sensitive"), (Marks.WhenSuspended, "when suspended"), (Marks.AcceptanceLimited, "few a minute"),
        (Marks.NeverLimited, "never limited"),
    }.Where(mark => marks.HasFlag(mark.Item1)).Select(mark => mark.Item2));

    private static IEnumerable<string> Rows(string head) =>
        Page.SkipWhile(line => line != head).Skip(2).TakeWhile(line => line.StartsWith('|'));
}
