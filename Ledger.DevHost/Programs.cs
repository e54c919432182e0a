using System.Net;
using Ledger.DevHost.Exports;
using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost;

/// <summary>API and workers as processes of their own, each with its own database login and Vault token, and no more than that.</summary>
internal sealed class Programs(
    Uri api, StateFolder state, DatabaseAccess database, VaultAccess vault, IdentityAccess identity, AnchoringAccess anchoring,
    MailAccess mail, StorageAccess storage, MarksAccess marks, HttpClient http) : IAsyncDisposable
{
    public const string PublicTenant = "demo", OtherTenant = "other";

    private const string ServiceName = "OTEL_SERVICE_NAME", TelemetryOff = "OTEL_SDK_DISABLED";

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(120), StopPatience = TimeSpan.FromSeconds(30);

    private readonly Uri _workersProbes = new($"http://127.0.0.1:{FreePort.Next()}");
    private ChildProcess? _api;
    private ChildProcess? _workers;

    public IReadOnlyList<ChildProcess> Children => [.. new[] { _api, _workers }.OfType<ChildProcess>()];

    public int WorkersId => _workers!.Id;

    /// <summary>Schema and tenants, by the owner's login; both are there already after the first run, which is fine.</summary>
    /// <param name="untold">Without telemetry: each of these commands would wait for a collector that says nothing.</param>
    public async Task PrepareAsync(bool untold, CancellationToken ct)
    {
        Task RunAsync(string name, params string[] arguments)
        {
            var command = Workers(name, database.Owner, arguments);
            if (untold)
                command = command with { Environment = new Dictionary<string, string?>(command.Environment) { [TelemetryOff] = "true" } };
            return ChildProcess.RunAsync(command, ct);
        }

        await RunAsync("migrations", "migrate");
        await RunAsync($"tenant {PublicTenant}", "tenant", "add", PublicTenant, "--public");
        await RunAsync($"tenant {OtherTenant}", "tenant", "add", OtherTenant);
    }

    /// <summary>Starts both; returns when both say that they are healthy.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        var workers = Workers("the workers", database.Workers, "run");
        _workers = await ChildProcess.StartAsync(workers with { LogFile = state.LogFile("workers") });
        _api = await ChildProcess.StartAsync(Dotnet("the API", BuiltProgram.Api, [], new()
        {
            ["ASPNETCORE_URLS"] = api.AbsoluteUri.TrimEnd('/'),
            ["ConnectionStrings__ledger"] = database.Api,
            ["Vault__EntryToken"] = vault.EntryToken,
        }) with
        { LogFile = state.LogFile("api") });
        await HealthyAsync(new Uri(_workersProbes, "/health"), ct);
        await HealthyAsync(new Uri(api, "/health"), ct);
    }

    /// <summary>The API first: what it still acknowledges, the workers still cover.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var child in Children)
        {
            await child.StopAsync(Signal.Terminate, StopPatience);
            await child.DisposeAsync();
        }
    }

    private ProcessSpec Workers(string name, string login, params string[] arguments)
    {
        var own = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = _workersProbes.AbsoluteUri.TrimEnd('/'),
            ["ConnectionStrings__ledger"] = login,
            ["Vault__WorkerToken"] = vault.WorkerToken,
        };
        foreach (var variable in Variables.OfWorkers(identity, mail))
            own[variable.Name] = variable.Value;
        return Dotnet(name, BuiltProgram.Workers, arguments, own);
    }

    private ProcessSpec Dotnet(string name, string dll, string[] arguments, Dictionary<string, string?> own)
    {
        if (!File.Exists(dll))
            throw new SetupFailed($"{name}: {dll} is not built; build Ledger.DevHost");
        // A shell that sourced an older env must not lend its tokens: what is ours is removed first, then set as this program needs it.
        var ours = Variables.OfEverything(api, state, database, vault, identity, anchoring, mail, storage, marks)
            .Select(static v => v.Name);
        var environment = ours.Concat(Variables.Stale).Distinct().ToDictionary(static name => name, static string? (_) => null);
        foreach (var variable in Variables.OfPrograms(vault, identity, anchoring, storage, marks))
            environment[variable.Name] = variable.Value;
        foreach (var (key, value) in own)
            environment[key] = value;
        // OTEL_* of the person's shell are inherited; whoever sees both programs' telemetry in one place has to tell them apart.
        if (string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable(ServiceName)))
            environment[ServiceName] = dll == BuiltProgram.Api ? "ledger-api" : "ledger-workers";
        // A web program reads appsettings.json from where it is started: let that be its own folder, not the person's.
        return new ProcessSpec(name, DotnetHost.Path, [dll, .. arguments])
        {
            Environment = environment,
            WorkingDirectory = Path.GetDirectoryName(dll),
        };
    }

    private async Task HealthyAsync(Uri health, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(StartPatience);
        var last = "no answer";
        try
        {
            while (last != "200")
            {
                if (Children.FirstOrDefault(static child => child.Exited.IsCompleted) is { } dead)
                {
                    var code = await dead.Exited;
                    throw new SetupFailed($"{dead.Name} ended with exit code {code} before all was healthy:\n{dead.Output.Tail()}");
                }
                last = await AskAsync(health, patience.Token) ?? last;
                await Task.Delay(TimeSpan.FromMilliseconds(100), patience.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var lines = string.Join('\n', Children.Select(static child => $"{child.Name}:\n{child.Output.Tail()}"));
            throw new SetupFailed($"GET {health} is not 200 after {StartPatience.TotalSeconds:0} s (the last answer: {last}).\n{lines}");
        }
    }

    private async Task<string?> AskAsync(Uri health, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(health, ct);
            return answer.StatusCode == HttpStatusCode.OK
                ? "200"
                : $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(ct)}";
        }
        catch (HttpRequestException)
        {
            // Not listening yet.
            return null;
        }
    }
}
