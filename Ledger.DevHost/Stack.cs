using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.S3;
using Ledger.DevHost.Emulators.Smtp;
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
    private readonly Secrets _secrets = new(state);
    private EmulatedIdentity? _keycloak;
    private SmtpSink? _mail;
    private S3Emulator? _storage;
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
        var collector = System.Environment.GetEnvironmentVariable(Collector.Variable);
        var silent = Collector.IsSilentAsync(collector, _http, Collector.Patience, stop); // known before it is needed
        var identity = await StartIdentityAsync(stop);
        var vault = await StartVaultAsync(stop);
        var anchoring = await StartAnchoringAsync(stop);
        var mail = await StartMailAsync(stop);
        var storage = await StartStorageAsync(stop);
        if (options.EmulatorsOnly)
            return Variables.OfEmulators(vault, identity, anchoring, mail, storage);

        var database = await StartDatabaseAsync(stop);
        vault = await new VaultSetup(_http, vault).RunAsync(stop);
        Api = new Uri($"http://localhost:{options.ApiPort}");
        var marks = new MarksChoice(state).Take(options.Marks);
        _programs = new Programs(Api, state, database, vault, identity, anchoring, mail, storage, marks, _http);
        if (await silent)
            Say($"the collector at {collector} says nothing: migrations and tenants are set up without telemetry");
        Say("migrations and tenants");
        await _programs.PrepareAsync(await silent, stop);
        database = await AppLoginAsync(database, stop);
        Say("API and workers");
        await _programs.StartAsync(stop);
        Running.Add(("API", Api.AbsoluteUri));
        Running.Add(("workers", $"process {_programs.WorkersId}"));
        if (!File.Exists(state.Trust)) // nobody has worked with this folder yet
        {
            await new DemoPolicy(_http, Api, identity.Tokens.Admin).SetAsync(stop);
            await new DemoPeople(_http, Api).AdoptAsync(identity, stop);
        }
        await new TrustFile(_http, Api).WriteAsync(state,
            [(Programs.PublicTenant, identity.Tokens.Technician), (Programs.OtherTenant, identity.Tokens.Other)], stop);
        return Variables.OfEverything(Api, state, database, vault, identity, anchoring, mail, storage, marks);
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
        if (_storage is not null)
            await _storage.DisposeAsync();
        if (_mail is not null)
            await _mail.DisposeAsync();
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
        if (options.Keycloak is null)
            _keycloak = new EmulatedIdentity(Emulator("keycloak"), state, options.Realms);
        var identity = _keycloak is not null
            ? await _keycloak.StartAsync(stop)
            : await new RealKeycloak(_http, options.Keycloak!, System.Environment.GetEnvironmentVariable).RunAsync(stop);
        Running.Add((_keycloak is null ? "Keycloak" : "Keycloak emulator", identity.Address.AbsoluteUri));
        return identity;
    }

    private async Task<MailAccess> StartMailAsync(CancellationToken stop)
    {
        _mail = await SmtpSink.StartAsync(Emulator("mail"), stop);
        Running.Add(("mail sink", $"{_mail.Host}:{_mail.Port}, every mail is a file in {state["mail"]}"));
        return new MailAccess(_mail.Host, _mail.Port);
    }

    private async Task<StorageAccess> StartStorageAsync(CancellationToken stop)
    {
        const string user = "ledger", region = "us-east-1";
        var s3 = new S3Options { AccessKey = user, SecretKey = _secrets.Of("storage") };
        _storage = await S3Emulator.StartAsync(Emulator("s3"), s3, stop);
        var access = new StorageAccess(_storage.Address, s3.AccessKey, s3.SecretKey, region);
        using var setup = new StorageSetup(access);
        if (await setup.WhyNotYetAsync(MarksChoice.Bucket, stop) is { } reason)
            throw new SetupFailed($"the S3 emulator does not make a bucket: {reason}");
        Running.Add(("S3 emulator", _storage.Address.AbsoluteUri));
        return access;
    }

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
        Say($"PostgreSQL {binaries.Major} from {binaries.Folder}, data in {place}");
        var cluster = new ClusterOptions(binaries, place, _ports.Of("postgres"), _secrets.Superuser)
            { LogFile = state.LogFile("postgres") };
        _cluster = await Cluster.StartAsync(cluster, stop);
        await DatabaseRoles.EnsureAsync(_cluster.SuperuserConnectionString(), _secrets.Database, stop);
        await DatabaseRoles.EnsureDatabaseAsync(_cluster.SuperuserConnectionString(), "ledger", stop);
        Running.Add(("PostgreSQL", $"127.0.0.1:{_cluster.Port}"));
        return new DatabaseAccess(
            _cluster.ConnectionString(DatabaseRoles.Owner, _secrets.Database.Owner, "ledger"),
            _cluster.ConnectionString(DatabaseRoles.Api, _secrets.Database.Api, "ledger"),
            _cluster.ConnectionString(DatabaseRoles.Workers, _secrets.Database.Workers, "ledger"));
    }

    private async Task<DatabaseAccess> AppLoginAsync(DatabaseAccess database, CancellationToken stop)
    {
        if (_cluster is null)
            return await ExternalDatabase.WithAppLoginAsync(database, _secrets.App, stop);
        await DatabaseRoles.EnsureAppLoginAsync(_cluster.SuperuserConnectionString(), _secrets.App, stop);
        return database with { App = _cluster.ConnectionString(DatabaseRoles.App, _secrets.App, "ledger") };
    }

    private EmulatorOptions Emulator(string name) => new() { StateDirectory = state[name], Port = _ports.Of(name), Time = time };

    private void Say(string what) => output.WriteLine($"… {what}");
}
