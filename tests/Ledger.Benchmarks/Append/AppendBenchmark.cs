using System.Globalization;
using System.Text;
using Ledger.Benchmarks.Load;
using Ledger.Benchmarks.Stack;
using Ledger.Testing;
using Ledger.Testing.Processes;
using Npgsql;

namespace Ledger.Benchmarks.Append;

/// <summary>
/// POST /append and POST /append/batch against the ancestor's way and against what the machine must do anyway. Only ratios are meant to
/// travel.
/// </summary>
internal static class AppendBenchmark
{
    private static readonly int[] Clients = [1, 16, 64, 256];
    private const int BatchItems = 1000;
    private const int BatchClients = 4;

    public static async Task RunAsync(TimeSpan length, TextWriter output)
    {
        var warmUp = length / 3;
        await using var stack = await LedgerStack.StartAsync();
        await using (var database = NpgsqlDataSource.Create(stack.Owner))
        await using (var make = database.CreateCommand(Ancestor.Schema)) await make.ExecuteNonQueryAsync();
        await using var ancestor = await StartAncestorAsync(stack);
        var token = stack.Environment["LEDGER_TOKEN"];

        var rows = new List<string[]>();
        foreach (var clients in Clients)
        {
            var before = await stack.VaultCountersAsync();
            var ledger = await ClosedLoop.RunAsync(stack.Api, clients, warmUp, length,
                (c, i) => HttpConnection.Post(stack.Api, "/append", token, Body(c, i)), 201);
            var after = await stack.VaultCountersAsync();
            var chained = await ClosedLoop.RunAsync(ancestor.Address, clients, warmUp, length,
                (c, i) => HttpConnection.Post(ancestor.Address, "/append", null, Body(c, i)), 201);
            var unchained = await ClosedLoop.RunAsync(ancestor.Address, clients, warmUp, length,
                (c, i) => HttpConnection.Post(ancestor.Address, "/append-unchained", null, Body(c, i)), 201);
            var seconds = (warmUp + length).TotalSeconds;
            rows.Add([$"{clients}", $"{ledger.PerSecond:0}", $"{chained.PerSecond:0}", $"{ledger.PerSecond / chained.PerSecond:0.0}",
                $"{unchained.PerSecond:0}", $"{ledger.PerSecond / unchained.PerSecond:0.0}", $"{ledger.P50Milliseconds:0.0}",
                $"{ledger.P99Milliseconds:0.0}", $"{chained.P99Milliseconds:0.0}",
                $"{(after.Calls - before.Calls) / seconds:0}", $"{(after.Signatures - before.Signatures) / seconds:0}",
                $"{ledger.Failures + chained.Failures + unchained.Failures}"]);
        }
        Table.Write(output,
            ["clients", "ledger/s", "(a) ancestor/s", "ledger : (a)", "unchained/s", "ledger : unchained", "p50 ms", "p99 ms", "(a) p99 ms",
                "vault calls/s", "signatures/s", "failures"], rows);

        var batch = await ClosedLoop.RunAsync(stack.Api, BatchClients, warmUp, length,
            (c, i) => HttpConnection.Post(stack.Api, "/append/batch", token, Batch(c, i)), 200, BatchItems);
        // With as many lanes as serve it best: more than cores hides the fsync, too many only wait for each other.
        var raw = 0.0;
        foreach (var lanes in (int[])[1, 2, BatchClients]) raw = Math.Max(raw, await RawMachine.RunAsync(stack.Owner, lanes, length));
        output.WriteLine();
        Table.Write(output, ["batch endpoint, entries/s", "(b) raw machine, entries/s", "batch : (b)", "failures"],
            [[$"{batch.PerSecond:0}", $"{raw:0}", $"{batch.PerSecond / raw:P0}", $"{batch.Failures}"]]);
    }

    private static string Body(int client, long i)
    {
        var payload = Convert.ToBase64String(Encoding.UTF8.GetBytes($"payload of client {client}, request {i}"));
        return $$$"""{"subject":"user-action","payload":"{{{payload}}}","meta":{"user_id":"{{{i}}}"}}""";
    }

    private static string Batch(int client, long i) =>
        "{\"items\":[" + string.Join(',', Enumerable.Range(0, BatchItems).Select(n => Body(client, i * BatchItems + n))) + "]}";

    private static async Task<RunningAncestor> StartAncestorAsync(LedgerStack stack)
    {
        var port = FreePort.Next();
        var process = await ProcessUnderTest.StartDotnetAsync(typeof(AppendBenchmark).Assembly.Location, new Dictionary<string, string?>
        {
            ["ANCESTOR_DATABASE"] = stack.Owner, ["ANCESTOR_VAULT_TOKEN"] = stack.Environment["VAULT_TOKEN"],
        }, "ancestor", "--port", port.ToString(CultureInfo.InvariantCulture), "--vault", stack.Vault.AbsoluteUri, "--key",
        stack.Environment["VAULT_TRANSIT_KEY"]);
        var address = new Uri($"http://127.0.0.1:{port}");
        await process.WaitForHealthAsync(new Uri(address, "/alive"));
        return new RunningAncestor(process, address);
    }

    private sealed record RunningAncestor(ProcessUnderTest Process, Uri Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}
