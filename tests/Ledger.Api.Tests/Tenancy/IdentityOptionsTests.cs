using Ledger.Api.Tenancy;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>What of section Identity is a fault, and how issuers are called.</summary>
public sealed class IdentityOptionsTests
{
    [Theory]
    [InlineData("https://id.example.com/realms/ledger", "ledger")]
    [InlineData("https://id.example.com/realms/Ledger/", "ledger")]
    [InlineData("https://id.example.com", "id.example.com")]
    [InlineData("http://127.0.0.1:8080", "127.0.0.1-8080")]
    [InlineData("https://id.example.com/oauth2/_default v2", "default-20v2")]
    public void An_issuer_is_called_by_the_last_part_of_its_path_or_by_its_host(string issuer, string name) =>
        Assert.Equal([name], Names(Issuer(issuer)));

    [Fact]
    public void Of_two_issuers_with_one_short_name_the_second_is_called_by_its_host_too()
    {
        Assert.Equal(["ledger", "ledger.two.example-8443"], Names(Issuer("https://one.example/realms/ledger"),
            Issuer("https://two.example:8443/realms/ledger")));
        Assert.Equal(["ledger.one.example", "ledger"], Names(Issuer("https://one.example/realms/ledger"),
            Issuer("https://two.example:8443/realms/ledger", i => i.Name = "ledger")));
    }

    [Fact]
    public void Two_issuers_never_share_a_name_that_is_set()
    {
        var identity = new IdentityOptions
        {
            Issuers = { Issuer("https://one.example", i => i.Name = "x"), Issuer("https://two.example", i => i.Name = "x") },
        };
        Assert.Contains("one Name", identity.Fault(), StringComparison.Ordinal);
        identity.Issuers[1].Name = "y";
        Assert.Null(identity.Fault());
        identity.Issuers[1].Issuer = "https://one.example";
        Assert.Contains("twice", identity.Fault(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Faults =>
    [
        "Issuer", "Audience", "Name", "MetadataAddress", "MetadataAddress over http", "JwksUri", "JwksUri over http", "JwksUri over ftp",
        "Roles", "Algorithms", "KeysFreshFor", "KeysStaleFor", "KeysStaleFor of a month",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_is_wrong_is_named(string what)
    {
        var issuer = Issuer("https://id.example.com/realms/ledger", i =>
        {
            switch (what)
            {
                case "Issuer": i.Issuer = "realms/ledger"; break;
                case "Audience": i.Audience = " "; break;
                case "Name": i.Name = "Ledger"; break;
                case "MetadataAddress": i.MetadataAddress = "x"; break;
                case "MetadataAddress over http": i.MetadataAddress = "http://id.example.com/x"; break;
                case "JwksUri": i.JwksUri = "x"; break;
                case "JwksUri over http": i.JwksUri = "http://id.example.com/x"; break;
                case "JwksUri over ftp": i.JwksUri = "ftp://127.0.0.1/x"; break;
                case "Roles": i.Roles.Add("entries:delete"); break;
                case "Algorithms": i.Algorithms.Add("HS256"); break;
                case "KeysFreshFor": i.KeysFreshFor = TimeSpan.Zero; break;
                case "KeysStaleFor": i.KeysStaleFor = TimeSpan.FromMinutes(59); break;
                default: i.KeysStaleFor = TimeSpan.FromDays(30); break;
            }
        });
        Assert.StartsWith("Identity:Issuers:0:" + what.Split(' ')[0].Replace("KeysStaleFor", "KeysFreshFor", StringComparison.Ordinal),
            new IdentityOptions { Issuers = { issuer } }.Fault(), StringComparison.Ordinal);
    }

    private static IssuerOptions Issuer(string issuer, Action<IssuerOptions>? change = null)
    {
        var options = new IssuerOptions { Issuer = issuer, Audience = "ledger-api" };
        change?.Invoke(options);
        return options;
    }

    private static IEnumerable<string?> Names(params IReadOnlyList<IssuerOptions> issuers)
    {
        var identity = new IdentityOptions();
        foreach (var issuer in issuers) identity.Issuers.Add(issuer);
        identity.SettleNames();
        Assert.Null(identity.Fault());
        return identity.Issuers.Select(issuer => issuer.Name);
    }
}
