using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.DevHost.Emulators.Vault;
using Ledger.DevHost.Exports;
using Ledger.DevHost.Postgres;
using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost;

/// <summary>Everything that runs, started in the order of need and stopped in the reverse one.</summary>
internal sealed class Stack(DevHostOptions options, StateFolder state, TimeProvider time, TextWriter output) : IAsyncDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Ports _ports = new(state);
    private VaultEmulator? _vault;
    private KeycloakEmulator? _keycloak;
    private EmulatedLogs? _logs;
    private Cluster? _cluster;
    private Programs? _programs;

    /// <summary>What runs where, for people: a name and an address each.</summary>
    public List<(string Name, string Where)> Running { get; } = [];

    /// <summary>Null with `--emulators-only`.</summary>
    public Uri? Api { get; private set; }

    /// <summary>Returns when all of it is healthy, with what `env` is to hold.</summary>
    public async Task<IReadOnlyList<Variable>> StartAsync(CancellationToken stop)
    {
        if (!options.EmulatorsOnly && !FreePort.IsFree(options.ApiPort))
            throw new SetupFailed($"port {options.ApiPort} is in use: stop what listens there, or choose another with --api-port N");
        var identity = await StartIdentityAsync(stop);
        var vault = await StartVaultAsync(stop);
        var anchoring = await StartAnchoringAsync(stop);
        if (options.EmulatorsOnly)
            return Variables.OfEmulators(vault, identity, anchoring);

        var database = await StartDatabaseAsync(stop);
        vault = await new VaultSetup(_http, vault).RunAsync(stop);
        Api = new Uri($"http://localhost:{options.ApiPort}");
        _programs = new Programs(Api, state, database, vault, identity, anchoring, _http);
        Say("migrations and tenants");
        await _programs.PrepareAsync(stop);
        Say("API and workers");
        await _programs.StartAsync(stop);
        Running.Add(("API", Api.AbsoluteUri));
        Running.Add(("workers", $"process {_programs.WorkersId}"));
        if (!File.Exists(state.Trust)) // nobody has worked with this folder yet
            await new DemoPolicy(_http, Api, identity.Tokens.Admin).SetAsync(stop);
        await new TrustFile(_http, Api).WriteAsync(state,
            [(Programs.PublicTenant, identity.Tokens.Technician), (Programs.OtherTenant, identity.Tokens.Other)], stop);
        return Variables.OfEverything(Api, state, database, vault, identity, anchoring);
    }

    /// <summary>Waits for the signal to stop, or for the first child that dies.</summary>
    /// <exception cref="SetupFailed">A child died; nothing is restarted silently.</exception>
    public Task WatchAsync(CancellationToken stop) =>
        Watch.UntilOneEndsAsync([.. new[] { _cluster?.Server }.OfType<ChildProcess>(), .. _programs?.Children ?? []], stop);

    public async ValueTask DisposeAsync()
    {
        if (_programs is not null)
            await _programs.DisposeAsync();
        if (_logs is not null)
            await _logs.DisposeAsync();
        if (_keycloak is not null)
            await _keycloak.DisposeAsync();
        if (_vault is not null)
            await _vault.DisposeAsync();
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _http.Dispose();
    }

    private async Task<IdentityAccess> StartIdentityAsync(CancellationToken stop)
    {
        IdentityAccess identity;
        if (options.Keycloak is not null)
        {
            identity = await new RealKeycloak(_http, options.Keycloak, System.Environment.GetEnvironmentVariable).RunAsync(stop);
        }
        else
        {
            _keycloak = await KeycloakEmulator.StartAsync(Emulator("keycloak"), stop);
            identity = new IdentityAccess(_keycloak.Address, _keycloak.Issuer(IdentityAccess.Realm),
                _keycloak.Issuer(IdentityAccess.PlatformRealm),
                new DeveloperTokens(
                    Mint(_keycloak, Programs.PublicTenant, "CLIENT_TECH"),
                    Mint(_keycloak, Programs.OtherTenant, "CLIENT_TECH"),
                    Mint(_keycloak, Programs.PublicTenant, "CLIENT_ADMIN"),
                    Mint(_keycloak, null, "PLATFORM_ADMIN")));
        }
        Running.Add((_keycloak is null ? "Keycloak" : "Keycloak emulator", identity.Address.AbsoluteUri));
        return identity;
    }

    /// <summary>A developer's token lives for 30 days, so that a shell left open over a holiday still works.</summary>
    private static string Mint(KeycloakEmulator keycloak, string? tenant, string role) =>
        keycloak.MintToken(tenant is null ? IdentityAccess.PlatformRealm : IdentityAccess.Realm, new TokenRequest
        {
            Subject = $"{role.ToLowerInvariant()}@{tenant ?? "platform"}",
            Azp = "ledger-devhost",
            Roles = [role],
            Tenant = tenant,
            Lifetime = TimeSpan.FromDays(30),
        });

    private async Task<VaultAccess> StartVaultAsync(CancellationToken stop)
    {
        var key = System.Environment.GetEnvironmentVariable("VAULT_TRANSIT_KEY") is { Length: > 0 } chosen ? chosen : "ledger-ed25519";
        if (options.Vault is null)
            _vault = await VaultEmulator.StartAsync(Emulator("vault"), stop);
        var access = _vault is null
            ? new VaultAccess(options.Vault!, options.VaultToken!, key)
            : new VaultAccess(_vault.Address, _vault.RootToken, key);
        Running.Add((_vault is null ? "Vault" : "Vault emulator", access.Address.AbsoluteUri));
        return access;
    }

    /// <summary>A running Rekor replaces both emulators; timestamps are our own in any case.</summary>
    private async Task<AnchoringAccess> StartAnchoringAsync(CancellationToken stop)
    {
        _logs = new EmulatedLogs(state, Emulator);
        var logs = options.Rekor is { } choice
            ? [await new RunningRekor(_http, state, output).RunAsync(choice, stop)]
            : await _logs.StartLogsAsync(stop);
        var anchoring = new AnchoringAccess(logs, await _logs.StartTimestampingAsync(stop));
        foreach (var log in anchoring.Logs)
            Running.Add(($"Rekor v{log.Version}{(options.Rekor is null ? " emulator" : "")}", log.Url.AbsoluteUri));
        Running.Add(("TSA emulator", anchoring.Timestamping.Url.AbsoluteUri));
        return anchoring;
    }

    private async Task<DatabaseAccess> StartDatabaseAsync(CancellationToken stop)
    {
        if (options.Postgres is not null)
        {
            Running.Add(("PostgreSQL", "as --postgres says"));
            return await ExternalDatabase.OpenAsync(options.Postgres, stop);
        }
        var place = await ClusterPlace.ChooseAsync(state, stop);
        var binaries = PostgresFinder.Find(ClusterPlace.MajorOf(place));
        var secrets = Secrets.LoadOrMake(state);
        Say($"PostgreSQL {binaries.Major} from {binaries.Folder}, data in {place}");
        var cluster = new ClusterOptions(binaries, place, _ports.Of("postgres"), secrets.Superuser) { LogFile = state.LogFile("postgres") };
        _cluster = await Cluster.StartAsync(cluster, stop);
        await DatabaseRoles.EnsureAsync(_cluster.SuperuserConnectionString(), secrets.Database, stop);
        await DatabaseRoles.EnsureDatabaseAsync(_cluster.SuperuserConnectionString(), "ledger", stop);
        Running.Add(("PostgreSQL", $"127.0.0.1:{_cluster.Port}"));
        return new DatabaseAccess(
            _cluster.ConnectionString(DatabaseRoles.Owner, secrets.Owner, "ledger"),
            _cluster.ConnectionString(DatabaseRoles.Api, secrets.Api, "ledger"),
            _cluster.ConnectionString(DatabaseRoles.Workers, secrets.Workers, "ledger"));
    }

    private EmulatorOptions Emulator(string name) => new() { StateDirectory = state[name], Port = _ports.Of(name), Time = time };

    private void Say(string what) => output.WriteLine($"… {what}");
}
