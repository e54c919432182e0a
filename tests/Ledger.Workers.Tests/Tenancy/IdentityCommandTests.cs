using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.Testing;
using Ledger.Testing.Time;
using Ledger.Workers.Operations;
using Ledger.Workers.Tenancy;
using Microsoft.Extensions.Configuration;

namespace Ledger.Workers.Tests.Tenancy;

/// <summary>`identity` against both realms of the product, as they are imported.</summary>
public sealed class IdentityCommandTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_sound_realms_pass_every_check_and_no_secret_is_printed()
    {
        await using var keycloak = await StartAsync(Secret);

        var (code, lines) = await RunAsync(keycloak);

        Assert.True(code == 0, string.Join('\n', lines));
        Assert.Equal("every realm works", lines[^1]);
        Assert.Equal(
            ["ledger discovery pass", "ledger issuer pass", "ledger keys pass", "ledger token pass", "ledger claims pass",
                "ledger clock pass",
                "ledger people pass", "ledger secrets pass",
                "ledger-platform discovery pass", "ledger-platform issuer pass", "ledger-platform keys pass", "ledger-platform token pass",
                "ledger-platform claims pass", "ledger-platform clock pass", "ledger-platform secrets pass"],
            lines[..^1].Select(Short));
        Assert.DoesNotContain(lines, static line => line.Contains(Secret("")!, StringComparison.Ordinal)
            || line.Contains("eyJ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("s3cret-of-this-test", 0, "every realm works")]
    [InlineData("another", 1, "failed: ledger people")]
    [InlineData(null, 1, "failed: ledger people")]
    public async Task Who_administers_people_is_asked_also_where_the_realm_is_asked_as_another_client(string? secret, int code, string last)
    {
        await using var keycloak = await StartAsync(Secret);

        var (ended, lines) = await RunAsync(keycloak, ("IdentityCheck:Clients:0:Id", "ledger-machine"),
            ("IdentityCheck:Clients:0:Secret", Secret("")), ("People:ClientSecret", secret));

        Assert.Equal((code, last), (ended, lines[^1]));
    }

    [Fact]
    public async Task A_realm_imported_while_a_secret_was_not_set_is_found_out()
    {
        await using var keycloak = await StartAsync(static name => name == "LEDGER_MACHINE_SECRET" ? null : Secret(name));

        var (code, lines) = await RunAsync(keycloak);

        Assert.Equal((1, "failed: ledger secrets"), (code, lines[^1]));
        Assert.Contains(lines, static line => line.EndsWith(
            "ledger-machine: the realm was imported without the variable: ${LEDGER_MACHINE_SECRET} itself is its secret",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_Keycloak_that_does_not_answer_fails_once_for_each_realm_and_the_rest_is_absent()
    {
        await using var keycloak = await StartAsync(Secret);
        keycloak.Faults.Set(FaultMode.Down);

        var (code, lines) = await RunAsync(keycloak);

        Assert.Equal((1, "failed: ledger discovery, ledger-platform discovery"), (code, lines[^1]));
        Assert.Contains("ledger secrets absent", lines.Select(Short));
    }

    [Theory]
    [InlineData("People:ClientSecret", "another", "ledger token", "ledger-workers: 401 unauthorized_client")]
    [InlineData("Identity:Issuers:1:Audience", "another-api", "ledger-platform claims", "aud has no another-api")]
    [InlineData("Identity:Issuers:0:Issuer", "http://localhost/realms/ledger", "ledger issuer, ledger claims",
        "configured is http://localhost/")]
    [InlineData("Identity:Issuers:0:MetadataAddress", "http://id.example/realms/ledger", "ledger discovery", "plain http beyond loopback")]
    [InlineData("IdentityCheck:Clients:1:Id", null, "ledger-platform token",
        "no client to ask as: set IdentityCheck:Clients:1:Id")]
    [InlineData("People:ClientSecret", null, "ledger token",
        "no client to ask as: set People:ClientSecret, or IdentityCheck:Clients:0:Id and")]
    [InlineData("People:KeycloakAddress", null, "ledger people", "set People:KeycloakAddress")]
    [InlineData("IdentityCheck:Clients:1:Secret", null, "ledger-platform token",
        "no client to ask as: set IdentityCheck:Clients:1:Secret")]
    public async Task What_is_wrong_is_named(string key, string? value, string failed, string says)
    {
        await using var keycloak = await StartAsync(Secret);

        var (code, lines) = await RunAsync(keycloak, (key, value));

        Assert.Equal((1, "failed: " + failed), (code, lines[^1]));
        Assert.Contains(lines, line => line.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clock_that_is_off_is_told()
    {
        await using var keycloak = await StartAsync(Secret);

        var (code, lines) = await RunAsync(keycloak, new ManualTime(_time.GetUtcNow().AddMinutes(2)));

        Assert.Equal((1, "failed: ledger clock, ledger-platform clock"), (code, lines[^1]));
        Assert.Contains(lines, static line => line.Contains("-120.0 s from ours", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keys_may_have_been_rotated_since_the_token_was_signed()
    {
        await using var keycloak = await StartAsync(Secret);
        keycloak.RotateKeys("ledger");

        Assert.Equal(0, (await RunAsync(keycloak)).Code);
    }

    [Fact]
    public async Task Without_an_issuer_or_with_a_placeholder_it_does_not_begin()
    {
        await Assert.ThrowsAsync<ConfigurationException>(() => RunAsync([]));
        var unset = await Assert.ThrowsAsync<ConfigurationException>(() =>
            RunAsync([new("People:ClientSecret", "${LEDGER_WORKERS_SECRET}")]));
        Assert.Contains("People:ClientSecret still reads ${LEDGER_WORKERS_SECRET}: what it stands for is not set.", unset.Lines);
    }

    private static string? Secret(string name) => name.EndsWith("_URL", StringComparison.Ordinal) ? null : "s3cret-of-this-test";

    private Task<KeycloakEmulator> StartAsync(Func<string, string?> environment) => KeycloakEmulator.StartAsync(
        new EmulatorOptions { StateDirectory = _folder["keycloak"], Time = _time },
        new KeycloakOptions { RealmsDirectory = RepositoryPath.Of("Ledger.AppHost", "Realms"), Environment = environment },
        CancellationToken.None);

    private static string Short(string line) => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(3));

    private Task<(int Code, string[] Lines)> RunAsync(KeycloakEmulator keycloak, params (string Key, string? Value)[] changes) =>
        RunAsync(keycloak, _time, changes);

    private static Task<(int Code, string[] Lines)> RunAsync(
        KeycloakEmulator keycloak, TimeProvider time, params (string Key, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Identity:Issuers:0:Issuer"] = keycloak.Issuer("ledger"),
            ["Identity:Issuers:0:MetadataAddress"] = keycloak.Issuer("ledger") + "/.well-known/openid-configuration",
            ["Identity:Issuers:0:Audience"] = "ledger-api",
            ["Identity:Issuers:1:Issuer"] = keycloak.Issuer("ledger-platform"),
            ["Identity:Issuers:1:Audience"] = "ledger-api",
            ["People:KeycloakAddress"] = keycloak.Address.AbsoluteUri,
            ["People:ClientSecret"] = Secret(""),
            ["IdentityCheck:Clients:1:Id"] = "ledger-platform-workers",
            ["IdentityCheck:Clients:1:Secret"] = Secret(""),
        };
        foreach (var (key, value) in changes) settings[key] = value;
        return RunAsync([.. settings], time);
    }

    private static async Task<(int Code, string[] Lines)> RunAsync(KeyValuePair<string, string?>[] settings, TimeProvider? time = null)
    {
        await using var output = new StringWriter();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var code = await IdentityCommand.RunAsync(configuration, output, time ?? TimeProvider.System, CancellationToken.None);
        return (code, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }
}
