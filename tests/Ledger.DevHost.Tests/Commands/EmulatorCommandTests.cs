using System.Net.Sockets;
using System.Text.Json.Nodes;
using Ledger.DevHost.OneEmulator;
using Ledger.DevHost.Setup;
using Ledger.Testing;
using Ledger.Testing.Processes;

namespace Ledger.DevHost.Tests.Commands;

/// <summary>`emulator NAME`: one test for each, and what it refuses.</summary>
public sealed class EmulatorCommandTests(SevenEmulators emulators) : IClassFixture<SevenEmulators>, IDisposable
{
    private readonly HttpClient _http = new();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Vault_has_the_root_token_and_the_port_of_the_environment()
    {
        Assert.Equal($"http://127.0.0.1:{emulators.VaultPort}", emulators["vault"]);
        await GetAsync("vault", "/v1/sys/health");

        _http.DefaultRequestHeaders.Add("X-Vault-Token", SevenEmulators.RootToken);
        var token = JsonNode.Parse(await GetAsync("vault", "/v1/auth/token/lookup-self"));
        Assert.Equal(["root"], token!["data"]!["policies"]!.AsArray().Select(static one => one!.GetValue<string>()));
    }

    [Fact]
    public async Task Keycloak_has_the_products_realms_with_the_secrets_of_the_environment()
    {
        await GetAsync("keycloak", "/realms/ledger/.well-known/openid-configuration");

        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "ledger-machine", ["client_secret"] = SevenEmulators.Secret,
        });
        using var answer = await _http.PostAsync(new Uri(emulators["keycloak"] + "/realms/ledger/protocol/openid-connect/token"), form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Rekor_has_the_key_the_port_and_the_name_it_was_given()
    {
        Assert.Equal($"http://127.0.0.1:{emulators.RekorPort}", emulators["rekor"]);
        Assert.Contains("log.of.the.tests - ", await GetAsync("rekor", "/api/v1/log"), StringComparison.Ordinal);
        Assert.Equal(emulators.RekorKey.Public, await GetAsync("rekor", "/api/v1/log/publicKey"));
        Assert.Equal(emulators.RekorKey.Public, await File.ReadAllTextAsync(emulators.FileOf("rekor", "log.pub")));
    }

    [Fact]
    public async Task Rekor_v2_has_the_key_and_the_name_it_was_given()
    {
        Assert.StartsWith("log.of.the.tests\n", await GetAsync("rekor2", "/api/v2/checkpoint"), StringComparison.Ordinal);
        Assert.Equal(emulators.Rekor2Key.Public, await File.ReadAllTextAsync(emulators.FileOf("rekor2", "log.pub")));
    }

    [Fact]
    public async Task The_timestamping_authority_has_the_certificates_it_was_given()
    {
        Assert.Equal(emulators.Signer.Certificate, await GetAsync("tsa", "/api/v1/timestamp/certchain"));
        Assert.Equal(emulators.Signer.Certificate, await File.ReadAllTextAsync(emulators.FileOf("tsa", "chain.pem")));
    }

    [Fact]
    public async Task The_mail_server_greets()
    {
        var address = emulators["smtp"].Split(':');
        using var client = new TcpClient(address[0], int.Parse(address[1], System.Globalization.CultureInfo.InvariantCulture));
        using var reader = new StreamReader(client.GetStream());

        Assert.StartsWith("220 ", await reader.ReadLineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_object_store_is_healthy() => await GetAsync("s3", "/minio/health/live");

    [Fact]
    public async Task A_second_one_in_the_same_folder_is_refused()
    {
        await using var second = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.DevHostProgram, null,
            "emulator", "tsa", "--state", emulators.StateOf("tsa"));

        Assert.Equal(Run.Failed, await second.Exited);
        Assert.Contains($"another DevHost (process {emulators.Process("tsa").Id})", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_by_SIGTERM_is_clean_and_the_next_start_has_the_same_key()
    {
        var keys = new List<string>();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await using var rekor = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.DevHostProgram,
                new Dictionary<string, string?> { ["REKOR_LOG_KEY"] = null }, "emulator", "rekor", "--state", _folder["rekor"]);
            await rekor.WaitForLineAsync("rekor listens on http://127.0.0.1:");
            keys.Add(await File.ReadAllTextAsync(Path.Combine(_folder["rekor"], "log.pub")));
            Assert.Equal(0, await rekor.StopAsync());
        }
        Assert.Equal(keys[0], keys[1]);
    }

    [Theory]
    [InlineData("rekor", "REKOR_LOG_KEY: not a PEM private key of ECDSA P-256, which a Rekor v1 signs with here", "REKOR_LOG_KEY=what")]
    [InlineData("rekor2", "REKOR2_LOG_KEY: not a PEM private key of Ed25519, which a Rekor v2 signs with here", "REKOR2_LOG_KEY=what")]
    [InlineData("tsa", "TSA_SIGNER_KEY and TSA_CERTIFICATES go together", "TSA_SIGNER_KEY=what")]
    [InlineData("tsa", "TSA_SIGNER_KEY, TSA_CERTIFICATES: not a PEM private key of ECDSA with PEM certificates",
        "TSA_SIGNER_KEY=what", "TSA_CERTIFICATES=what")]
    [InlineData("s3", "MINIO_ROOT_USER is not set")]
    [InlineData("smtp", "EMULATOR_PORT: a port is 1 to 65535", "EMULATOR_PORT=70000")]
    public async Task What_is_wrong_is_said_with_the_variables_name(string name, string message, params string[] environment)
    {
        var fault = await Assert.ThrowsAsync<SetupFailed>(() => StartAsync(name, environment));

        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public async Task Realm_files_without_their_variables_are_refused_with_the_variables_names()
    {
        var fault = await Assert.ThrowsAsync<SetupFailed>(() => StartAsync("keycloak"));

        Assert.Contains("(they ask for variables that are not set: ", fault.Message, StringComparison.Ordinal);
        Assert.Contains(", LEDGER_PLAT_ADMIN_PASSWORD, ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_is_not_for_timestamps_or_not_of_the_key_is_refused()
    {
        var (key, certificate) = SevenEmulators.NewSigner("1.3.6.1.5.5.7.3.1");

        var other = await Assert.ThrowsAsync<SetupFailed>(() => StartAsync("tsa", $"TSA_SIGNER_KEY={key}",
            $"TSA_CERTIFICATES={emulators.Signer.Certificate}"));
        var server = await Assert.ThrowsAsync<SetupFailed>(() => StartAsync("tsa", $"TSA_SIGNER_KEY={key}",
            $"TSA_CERTIFICATES={certificate}"));

        Assert.EndsWith("the first certificate is not of the signer's key", other.Message, StringComparison.Ordinal);
        Assert.Contains("not for timestamps alone", server.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_is_not_gone_on_with_under_another_key()
    {
        await using (await StartAsync("rekor"))
        {
        }
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() =>
            StartAsync("rekor", $"REKOR_LOG_KEY={emulators.RekorKey.Private}"));

        Assert.Contains("was begun with another key", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_somebody_has_is_named()
    {
        var fault = await Assert.ThrowsAsync<SetupFailed>(() => StartAsync("smtp", $"EMULATOR_PORT={emulators.VaultPort}"));

        Assert.Equal($"port {emulators.VaultPort} is in use: stop what listens there, or choose another with --port N", fault.Message);
    }

    private Task<StartedEmulator> StartAsync(string name, params string[] environment)
    {
        var values = environment.Select(static pair => pair.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1]);
        return StartedEmulator.StartAsync(new EmulatorChoice(name) { State = _folder[name] }, values.GetValueOrDefault, TimeProvider.System,
            CancellationToken.None);
    }

    private Task<string> GetAsync(string name, string path) => _http.GetStringAsync(new Uri(emulators[name] + path));
}
