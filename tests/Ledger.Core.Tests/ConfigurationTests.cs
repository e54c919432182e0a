using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Ledger.Core.Tests;

public sealed class ConfigurationTests
{
    private static readonly Dictionary<string, string?> Complete = new()
    {
        ["ConnectionStrings:ledger"] = "Host=db",
        ["Vault:Address"] = "http://vault.test:8200",
        ["Vault:WorkerToken"] = "w",
        ["Ledger:LogName"] = "ledger.test",
        ["HighWaterMark:Directory"] = "/marks",
    };

    [Fact]
    public void A_complete_configuration_has_no_faults() => Assert.Empty(Faults(Complete));

    [Fact]
    public void Every_fault_is_one_line_that_names_its_setting()
    {
        var faults = Faults([]);
        foreach (var name in new[] { "ConnectionStrings:ledger", "Vault:Address", "Vault:WorkerToken", "Ledger:LogName",
            "HighWaterMark:Directory" })
            Assert.Single(faults, line => line.StartsWith(name, StringComparison.Ordinal) && !line.Contains('\n'));
        Assert.Equal(5, faults.Count);
    }

    [Theory]
    [InlineData("Ledger:LogName", "https://ledger.test")]
    [InlineData("Ledger:LogName", "Ledger.Test")]
    [InlineData("Vault:Mount", "a b")]
    [InlineData("Vault:Address", "http://[")]
    [InlineData("Vault:Address", "vault.test:8200")]
    [InlineData("Vault:Address", "/vault")]
    [InlineData("Vault:WorkerToken", "hvs.token\n")]
    [InlineData("ConnectionStrings:ledger", "postgresql://ledger@db/ledger")]
    [InlineData("ConnectionStrings:ledger", "Host=db;Port=many")]
    [InlineData("ConnectionStrings:ledger", "Username=ledger")]
    public void A_malformed_setting_is_a_fault(string name, string value) =>
        Assert.Contains(name, Assert.Single(Faults(new Dictionary<string, string?>(Complete) { [name] = value })),
            StringComparison.Ordinal);

    [Fact]
    public void The_ancestors_names_stand_for_ours()
    {
        var configuration = Configuration([], new()
        {
            ["CRDB_DSN"] = "postgresql://ledger:p%40ss@db.example.com:26257/facts?sslmode=verify-full",
            ["VAULT_ADDR"] = "http://vault:8200", ["VAULT_TOKEN"] = "t", ["VAULT_TRANSIT_KEY"] = "facts",
        });

        var connection = new NpgsqlConnectionStringBuilder(configuration.GetConnectionString("ledger"));
        Assert.Equal(("db.example.com", 26257, "ledger", "p@ss", "facts", SslMode.VerifyFull),
            (connection.Host, connection.Port, connection.Username, connection.Password, connection.Database, connection.SslMode));
        Assert.Equal(("http://vault:8200", "t", "t", "facts"),
            (configuration["Vault:Address"], configuration["Vault:EntryToken"], configuration["Vault:WorkerToken"],
                configuration["Vault:TransitKey"]));
    }

    [Fact]
    public void Our_names_win_over_the_ancestors_and_those_over_files()
    {
        var configuration = Configuration(
            new() { ["Vault:Address"] = "http://file", ["Vault:TransitKey"] = "file" },
            new() { ["VAULT_ADDR"] = "http://alias", ["Vault__Address"] = "http://ours", ["VAULT_TRANSIT_KEY"] = "alias" });

        Assert.Equal(("http://ours", "alias"), (configuration["Vault:Address"], configuration["Vault:TransitKey"]));
    }

    [Theory]
    [InlineData("postgresql:///ledger")]
    [InlineData("postgresql://db/ledger?target_session_attrs=any")]
    [InlineData("postgresql://db/ledger?sslmode=perhaps")]
    public void A_connection_URI_that_is_not_understood_is_refused_without_being_shown(string uri)
    {
        var refused = Assert.Throws<FormatException>(() => Configuration([], new() { ["CRDB_DSN"] = uri }));
        Assert.StartsWith("CRDB_DSN: ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("db/", refused.Message, StringComparison.Ordinal);
    }

    // Files lie below the environment, as a host arranges them.
    private static ConfigurationManager Configuration(Dictionary<string, string?> files, Dictionary<string, string> environment)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(files);
        foreach (var (name, value) in environment) Environment.SetEnvironmentVariable(name, value);
        try
        {
            configuration.AddEnvironmentVariables();
            configuration.AddLedgerAliases();
            return configuration;
        }
        finally
        {
            foreach (var name in environment.Keys) Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static IReadOnlyList<string> Faults(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddLedgerCore(DatabaseRole.Worker, VaultCaller.Worker);
        using var host = builder.Build();
        return ConfigurationFaults.Find(host.Services);
    }
}
