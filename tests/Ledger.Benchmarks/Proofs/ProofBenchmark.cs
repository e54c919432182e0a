using System.Text.Json;
using Ledger.Benchmarks.Load;
using Ledger.Benchmarks.Stack;

namespace Ledger.Benchmarks.Proofs;

/// <summary>Whether appends, proofs and the API's memory stay flat while the log grows.</summary>
internal static class ProofBenchmark
{
    private const int Clients = 4;
    private const int SampledIds = 5000;

    public static async Task RunAsync(TimeSpan length, IReadOnlyList<long> sizes, TextWriter output)
    {
        await using var stack = await LedgerStack.StartAsync();
        var token = stack.Environment["LEDGER_TOKEN"];
        var rows = new List<string[]>();
        (double Append, double Proof)? first = null;
        await AppendAsync(stack, token, length); // the first size would else be measured on a cold API
        foreach (var size in sizes.Order())
        {
            await BulkLog.GrowAsync(stack.Owner, "demo", size);
            await CoveredAsync(stack, token, size);
            var ids = await BulkLog.SampleAsync(stack.Owner, "demo", SampledIds, size);
            var proof = await ClosedLoop.RunAsync(stack.Api, Clients, length / 3, length,
                (c, i) => HttpConnection.Get(stack.Api, $"/entries/{ids[(c * 1237 + i) % ids.Length]}/proof", token), 200);
            var append = await AppendAsync(stack, token, length);
            first ??= (append.P50Milliseconds, proof.P50Milliseconds);
            rows.Add([$"{size}", $"{append.P50Milliseconds:0.00}", $"{append.P50Milliseconds / first.Value.Append:0.00}",
                $"{proof.P50Milliseconds:0.00}", $"{proof.P50Milliseconds / first.Value.Proof:0.00}", $"{proof.P99Milliseconds:0.00}",
                $"{stack.ApiMemoryMiB():0}", $"{append.Failures + proof.Failures}"]);
        }
        Table.Write(output,
            ["entries", "append p50 ms", "to the first", "proof p50 ms", "to the first", "proof p99 ms", "API MiB", "failures"], rows);
    }

    private static Task<Measured> AppendAsync(LedgerStack stack, string token, TimeSpan length) =>
        ClosedLoop.RunAsync(stack.Api, Clients, length / 3, length, (c, i) => HttpConnection.Post(stack.Api, "/append", token,
            $$$"""{"subject":"flat","payload":"{{{Convert.ToBase64String(BitConverter.GetBytes(i * Clients + c))}}}"}"""), 201);

    private static async Task CoveredAsync(LedgerStack stack, string token, long size)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        for (var tries = 0; tries < 6000; tries++)
        {
            using var answer = await http.GetAsync(new Uri(stack.Api, "/checkpoints/latest"));
            if (answer.IsSuccessStatusCode)
            {
                using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
                if (json.RootElement.GetProperty("tree_size").GetInt64() >= size) return;
            }
            await Task.Delay(100);
        }
        throw new InvalidOperationException($"No checkpoint of {size} entries came within ten minutes.");
    }
}
