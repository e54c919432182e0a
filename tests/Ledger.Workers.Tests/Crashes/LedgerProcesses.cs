using System.Net.Http.Headers;
using System.Net.Http.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.DevHost.Emulators.Vault;
using Ledger.Testing;
using Ledger.Testing.Postgres;
using Ledger.Testing.Processes;
using Ledger.Testing.Realms;

namespace Ledger.Workers.Tests.Crashes;

/// <summary>
/// A ledger of real processes to be killed: a durable PostgreSQL, API and workers, with the emulators in the test's own process.
/// </summary>
internal sealed class LedgerProcesses : IAsyncDisposable
{
    private const string Realm = "ledger";
    private readonly TempFolder folder = new();
    private readonly List<ProcessUnderTest> running = [];
    private VaultEmulator vault = null!;
    private KeycloakEmulator keycloak = null!;
    private TestDatabase database = null!;

    public PostgresCluster Postgres { get; private set; } = null!;

    /// <summary>Beside what every program here is given; for those that are started from now on.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>A folder that goes with the ledger.</summary>
    public string PathOf(string name) => folder[name];

    public VaultEmulator Vault => vault;

    /// <summary>The connection strings of the owner, the API and the workers.</summary>
    public string[] Logins => [database.Owner, database.Api, database.Workers];

    /// <summary>How a program that is started from now on gets to the database; directly unless told otherwise.</summary>
    public Func<string, string> Way { get; set; } = connection => connection;

    /// <summary>The owner's connection string.</summary>
    public string Owner => database.Owner;

    public static async Task<LedgerProcesses> StartAsync(params string[] tenants)
    {
        var ledger = new LedgerProcesses();
        try
        {
            ledger.vault = await VaultEmulator.StartAsync(new EmulatorOptions { StateDirectory = ledger.folder["vault"] },
                CancellationToken.None);
            await MountTransitAsync(ledger.vault);
            ledger.keycloak = await ProductRealms.StartAsync(ledger.folder["keycloak"]);
            ledger.Postgres = await PostgresCluster.StartNewAsync(durable: true);
            ledger.database = await ledger.Postgres.CreateDatabaseAsync();
            await ledger.RunAsync("migrate");
            foreach (var tenant in tenants) await ledger.RunAsync("tenant", "add", tenant);
            return ledger;
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }

    public async Task<(ProcessUnderTest Process, Uri Address)> StartApiAsync(int? port = null)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? FreePort.Next()}");
        var process = await StartAsync(BuiltProgram.Api, database.Api, "--urls", address.AbsoluteUri.TrimEnd('/'));
        await process.WaitForHealthAsync(new Uri(address, "/health"));
        return (process, address);
    }

    public Task<ProcessUnderTest> StartWorkersAsync(params string[] options) =>
        StartAsync(BuiltProgram.Workers, database.Workers, ["run", .. options]);

    public HttpClient ClientOf(Uri api, string tenant) => ClientWith(api, Token(tenant));

    private static HttpClient ClientWith(Uri api, string token) => new()
    {
        BaseAddress = api,
        Timeout = TimeSpan.FromSeconds(30),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
    };

    /// <summary>A platform administrator, where <see cref="Settings"/> lets the issuer say so.</summary>
    public HttpClient OperatorOf(Uri api) => ClientWith(api,
        keycloak.MintToken(Realm, new TokenRequest { Subject = "operator", Azp = "tests", Roles = ["PLATFORM_ADMIN"] }));

    private string Token(string tenant) =>
        keycloak.MintToken(Realm,
            new TokenRequest { Subject = $"writer-of-{tenant}", Azp = "tests", Roles = ["CLIENT_TECH"], Tenant = tenant });

    /// <summary>Runs a workers' command by hand, as the owner; its exit code and all it printed.</summary>
    public async Task<(int Code, string Output)> OperateAsync(params string[] arguments)
    {
        await using var process = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.Workers, Environment(database.Owner), arguments);
        return (await process.Exited, process.Output.Trim());
    }

    private async Task RunAsync(params string[] arguments)
    {
        var (code, output) = await OperateAsync(arguments);
        if (code != 0) throw new InvalidOperationException($"workers {string.Join(' ', arguments)} ended with {code}:\n{output}");
    }

    // A dev server has no transit engine until somebody enables one.
    private static async Task MountTransitAsync(VaultEmulator vault)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Vault-Token", vault.RootToken } } };
        using var answer = await http.PostAsJsonAsync(new Uri(vault.Address, "/v1/sys/mounts/transit"), new { type = "transit" });
        answer.EnsureSuccessStatusCode();
    }

    private async Task<ProcessUnderTest> StartAsync(string program, string connection, params string[] arguments)
    {
        var process = await ProcessUnderTest.StartDotnetAsync(program, Environment(connection), arguments);
        running.Add(process);
        return process;
    }

    private Dictionary<string, string?> Environment(string connection) => new(Settings)
    {
        ["ConnectionStrings__ledger"] = Way(connection),
        ["Vault__Address"] = vault.Address.AbsoluteUri,
        ["Vault__EntryToken"] = vault.RootToken,
        ["Vault__WorkerToken"] = vault.RootToken,
        ["Ledger__LogName"] = "ledger.localhost",
        ["HighWaterMark__Directory"] = folder["marks"],
        ["Identity__Issuers__0__Issuer"] = keycloak.Issuer(Realm),
        ["Identity__Issuers__0__Audience"] = "ledger-api",
        ["Identity__Issuers__0__MetadataAddress"] = $"{keycloak.Issuer(Realm)}/.well-known/openid-configuration",
    };

    public async ValueTask DisposeAsync()
    {
        foreach (var process in running) await process.DisposeAsync();
        if (Postgres is not null) await Postgres.DisposeAsync();
        if (vault is not null) await vault.DisposeAsync();
        if (keycloak is not null) await keycloak.DisposeAsync();
        folder.Dispose();
    }
}
