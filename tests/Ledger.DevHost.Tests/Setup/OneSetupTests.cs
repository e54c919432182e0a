using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.S3;
using Ledger.DevHost.Emulators.Vault;
using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;
using Ledger.DevHost.Tests.EndToEnd;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Ledger.Testing.Time;
using Npgsql;
using FreePort = Ledger.Testing.FreePort;

namespace Ledger.DevHost.Tests.Setup;

/// <summary>`setup NAME`, twice each: as a process, as it is started, and again.</summary>
public sealed class OneSetupTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [PostgresFact]
    public async Task The_database_has_its_logins_with_the_passwords_given_however_they_are_spelled()
    {
        var options = new ClusterOptions(PostgresFinder.Find(), RunningDevHost.StateIn(_folder), FreePort.Next(), "superuser")
        {
            Fsync = false,
        };
        await using var cluster = await Cluster.StartAsync(options, CancellationToken.None);
        var environment = new Dictionary<string, string?>
        {
            ["ConnectionStrings__postgres"] = cluster.SuperuserConnectionString(),
            ["LEDGER_DB_OWNER_PASSWORD"] = @"o'w\ner\'",
            ["LEDGER_DB_API_PASSWORD"] = "a;p=i \"{}$",
            ["LEDGER_DB_WORKERS_PASSWORD"] = "wörkers",
        };

        for (var time = 0; time < 2; time++)
        {
            await SucceedsAsync("database", environment);
            foreach (var (login, variable) in new[] { ("ledger_owner", "OWNER"), ("ledger_api", "API"), ("ledger_workers", "WORKERS") })
                await LogInAsync(cluster, login, environment[$"LEDGER_DB_{variable}_PASSWORD"]!);
        }
    }

    [Fact]
    public async Task Vaults_tokens_have_the_ids_given_and_are_kept_at_the_next_set_up()
    {
        await using var vault = await StartVaultAsync();
        var environment = EnvironmentOf(vault.Address);

        await SucceedsAsync("vault", environment);
        var first = await AccessorsAsync(vault);
        Assert.Equal("200", await AskAsync(vault, "worker-token-of-the-tests", HttpMethod.Post, "transit/keys/mine-anchor", "{}"));
        Assert.Equal("403", await AskAsync(vault, "entry-token-of-the-tests", HttpMethod.Post, "transit/keys/mine-anchor", "{}"));
        await RunAsync("vault", environment);

        Assert.Equal(first, await AccessorsAsync(vault));
        Assert.Equal("200", await AskAsync(vault, "worker-token-of-the-tests", HttpMethod.Get, "transit/keys/mine-anchor"));
    }

    [Fact]
    public async Task A_token_id_that_means_something_else_is_refused()
    {
        await using var vault = await StartVaultAsync();
        var environment = EnvironmentOf(vault.Address);
        environment["Vault__WorkerToken"] = environment["Vault__EntryToken"];

        var fault = await Assert.ThrowsAsync<SetupFailed>(() => RunAsync("vault", environment));

        Assert.EndsWith("has a token of the id that ledger-worker's is to have already, with ledger-entry: choose another id", fault.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("entry-token-of-the-tests", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_still_starting_is_waited_for()
    {
        var (time, port) = (new ManualTime(), FreePort.Next());
        var environment = EnvironmentOf(new Uri($"http://127.0.0.1:{port}"));
        var setup = Setup(environment, new Patience(time)).RunAsync("vault", CancellationToken.None);
        while (time.WaitingTimers == 0 && !setup.IsCompleted) // until the first attempt has found nobody
            await Task.Delay(10);

        await using var vault = await StartVaultAsync(port);
        time.Advance(TimeSpan.FromSeconds(1));
        await setup;

        Assert.Equal(2, (await AccessorsAsync(vault)).Distinct().Count());
    }

    [Theory]
    [InlineData("vault", "VAULT_ADDR", "Vault at")]
    [InlineData("storage", "AWS_ENDPOINT_URL", "storage at")]
    [InlineData("database", "ConnectionStrings__postgres", "PostgreSQL at")]
    public async Task A_server_that_does_not_come_is_named(string name, string variable, string who)
    {
        var port = FreePort.Next();
        var environment = EnvironmentOf(new Uri($"http://127.0.0.1:{port}"));
        environment["ConnectionStrings__postgres"] = $"Host=127.0.0.1;Port={port};Username=u;Password=p";

        var fault = await Assert.ThrowsAsync<SetupFailed>(() =>
            Setup(environment, new Patience(TimeProvider.System, TimeSpan.Zero)).RunAsync(name, CancellationToken.None));

        Assert.Matches($"^{who} .*127\\.0\\.0\\.1:{port}/? is not there after 0 s: .+", fault.Message);
        environment.Remove(variable);
        fault = await Assert.ThrowsAsync<SetupFailed>(() => RunAsync(name, environment));
        Assert.Equal($"{variable} is not set", fault.Message);
    }

    [Fact]
    public async Task The_bucket_is_there_and_is_kept()
    {
        await using var storage = await S3Emulator.StartAsync(new EmulatorOptions { StateDirectory = _folder["s3"] },
            new S3Options { AccessKey = "ledger", SecretKey = "secret-of-the-tests" }, CancellationToken.None);
        var environment = EnvironmentOf(storage.Address);

        await SucceedsAsync("storage", environment);
        await RunAsync("storage", environment);
        environment["AWS_SECRET_ACCESS_KEY"] = "another-secret";
        var fault = await Assert.ThrowsAsync<SetupFailed>(() => RunAsync("storage", environment));

        Assert.Contains("refused the bucket marks: 403 SignatureDoesNotMatch", fault.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> EnvironmentOf(Uri server) => new()
    {
        ["VAULT_ADDR"] = server.AbsoluteUri,
        ["VAULT_TOKEN"] = "root-token-of-the-tests",
        ["Vault__TransitKey"] = "mine",
        ["Vault__EntryToken"] = "entry-token-of-the-tests",
        ["Vault__WorkerToken"] = "worker-token-of-the-tests",
        ["AWS_ENDPOINT_URL"] = server.AbsoluteUri,
        ["AWS_ACCESS_KEY_ID"] = "ledger",
        ["AWS_SECRET_ACCESS_KEY"] = "secret-of-the-tests",
        ["HighWaterMark__Bucket"] = "marks",
        ["LEDGER_DB_OWNER_PASSWORD"] = "o",
        ["LEDGER_DB_API_PASSWORD"] = "a",
        ["LEDGER_DB_WORKERS_PASSWORD"] = "w",
    };

    private static async Task SucceedsAsync(string name, Dictionary<string, string?> environment)
    {
        await using var process = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.DevHostProgram, environment, "setup", name);
        Assert.True(await process.Exited == 0, process.Output);
        Assert.StartsWith($"{name}: ", process.Output, StringComparison.Ordinal);
    }

    private static Task RunAsync(string name, Dictionary<string, string?> environment) =>
        Setup(environment, new Patience(TimeProvider.System)).RunAsync(name, CancellationToken.None);

    private static OneSetup Setup(Dictionary<string, string?> environment, Patience patience) =>
        new(environment.GetValueOrDefault, patience, TextWriter.Null);

    private static async Task LogInAsync(Cluster cluster, string login, string password)
    {
        var parts = new NpgsqlConnectionStringBuilder(cluster.SuperuserConnectionString())
        {
            Username = login, Password = password, Database = "ledger", Pooling = false,
        };
        await using var connection = new NpgsqlConnection(parts.ConnectionString);
        await connection.OpenAsync();
    }

    private Task<VaultEmulator> StartVaultAsync(int port = 0) => VaultEmulator.StartAsync(
        new EmulatorOptions { StateDirectory = _folder["vault"], Port = port }, new DevServerOptions { RootToken = "root-token-of-the-tests" },
        CancellationToken.None);

    /// <summary>What names a token as long as it is the same one.</summary>
    private async Task<List<string>> AccessorsAsync(VaultEmulator vault)
    {
        var accessors = new List<string>();
        foreach (var token in new[] { "entry-token-of-the-tests", "worker-token-of-the-tests" })
        {
            _http.DefaultRequestHeaders.Remove("X-Vault-Token");
            _http.DefaultRequestHeaders.Add("X-Vault-Token", token);
            var answer = await _http.GetStringAsync(new Uri(vault.Address, "/v1/auth/token/lookup-self"));
            accessors.Add(System.Text.Json.Nodes.JsonNode.Parse(answer)!["data"]!["accessor"]!.GetValue<string>());
        }
        return accessors;
    }

    private async Task<string> AskAsync(VaultEmulator vault, string token, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(vault.Address, $"/v1/{path}"));
        request.Headers.Add("X-Vault-Token", token);
        request.Content = body is null ? null : new StringContent(body);
        using var answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
