using Ledger.Testing.Processes;

namespace Ledger.Api.Tests.Operations;

/// <summary>The program itself, started with settings that an operator has to mend.</summary>
public class ConfigurationTests
{
    private static readonly Dictionary<string, string?> Good = new()
    {
        ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["ConnectionStrings__ledger"] = "Host=127.0.0.1;Port=1;Username=x;Password=x;Database=x",
        ["Vault__Address"] = "http://127.0.0.1:1",
        ["Vault__EntryToken"] = "t",
        ["Ledger__LogName"] = "ledger.test",
        ["HighWaterMark__Directory"] = "/tmp/ledger-marks-that-nobody-reads",
        ["Identity__Issuers__0__Issuer"] = "http://127.0.0.1:1/realms/ledger",
        ["Identity__Issuers__0__Audience"] = "ledger-api",
        ["CRDB_DSN"] = null,
        ["VAULT_ADDR"] = null,
        ["VAULT_TOKEN"] = null,
    };

    [Theory]
    [InlineData("ConnectionStrings__ledger", null, "ConnectionStrings:ledger")]
    [InlineData("Vault__Address", null, "Vault:Address")]
    [InlineData("Vault__EntryToken", null, "Vault:EntryToken")]
    [InlineData("Ledger__LogName", null, "Ledger:LogName")]
    [InlineData("Ledger__LogName", "https://ledger.test", "Ledger:LogName")]
    [InlineData("HighWaterMark__Directory", null, "HighWaterMark:Directory")]
    [InlineData("Identity__Issuers__0__Issuer", null, "Identity:Issuers:0:Issuer")]
    [InlineData("Identity__Issuers__0__Audience", "", "Identity:Issuers:0:Audience")]
    [InlineData("Identity__Issuers__0__MetadataAddress", "http://keycloak.example.com/x", "Identity:Issuers:0:MetadataAddress")]
    [InlineData("CRDB_DSN", "postgresql://[", "CRDB_DSN")]
    public async Task A_missing_or_malformed_setting_is_one_line_that_names_it(string name, string? value, string named)
    {
        var settings = new Dictionary<string, string?>(Good) { [name] = value };
        await using var api = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.Api, settings);
        Assert.Equal(2, await api.Exited);
        var line = Assert.Single(api.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("ledger-api: ", line, StringComparison.Ordinal);
        Assert.Contains(named, line, StringComparison.Ordinal);
    }
}
