using Ledger.DevHost.Tests.EndToEnd;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Runbooks;

/// <summary>One DevHost for the pages whose commands leave it as they found it, with an anchored entry in tenant demo. It is started for
/// the first test that asks: none does where PostgreSQL is not installed.</summary>
public sealed class RunbookDevHost : IAsyncDisposable, IDisposable
{
    internal const string AnEntry = """
        curl -sf -o /dev/null -X POST $LEDGER_API/append -H "Authorization: Bearer $LEDGER_TOKEN" -H 'Content-Type: application/json' \
            -d '{"subject":"user-action","payload":"SGVsbG8gV29ybGQ="}'
        """;

    internal const string AnAnchoredEntry = $"""
        {AnEntry}
        until psql "$LEDGER_PG" -Atc "SELECT count(*) FROM anchors WHERE tenant_id = 'demo'" | grep -qx '[2-9]'; do sleep 0.2; done
        """;

    private readonly TempFolder _folder = new();
    private RunningDevHost? _host;

    internal async Task<RunbookShell> ShellAsync()
    {
        if (_host is not null) return new RunbookShell(_host.EnvFile);
        _host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var shell = new RunbookShell(_host.EnvFile);
        await shell.RunAsync(RunbookStep.Before(AnAnchoredEntry));
        return shell;
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync();
        Dispose();
    }

    public void Dispose() => _folder.Dispose();
}
