using System.Diagnostics;

namespace Ledger.Benchmarks.Load;

/// <summary>A fixed number of clients, each sending its next request when the last was answered.</summary>
internal static class ClosedLoop
{
    /// <param name="request">Client and number to the bytes of a request; no two alike.</param>
    /// <param name="each">Units of work in one request.</param>
    public static async Task<Measured> RunAsync(Uri address, int clients, TimeSpan warmUp, TimeSpan length, Func<int, long, byte[]> request,
        int expected, int each = 1)
    {
        var clock = Stopwatch.StartNew();
        var end = warmUp + length;
        var runs = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => ClientAsync(client))));
        var all = runs.SelectMany(r => r.Milliseconds).ToList();
        return Measured.Of(all, length, runs.Sum(r => r.Failures), each);

        async Task<(List<double> Milliseconds, long Failures)> ClientAsync(int client)
        {
            var milliseconds = new List<double>();
            long failures = 0;
            using var connection = new HttpConnection(address);
            await connection.OpenAsync();
            for (long i = 0; clock.Elapsed < end; i++)
            {
                var bytes = request(client, i);
                var began = clock.Elapsed;
                var (status, _) = await connection.SendAsync(bytes);
                var ended = clock.Elapsed;
                if (ended < warmUp || ended > end) continue;
                if (status == expected) milliseconds.Add((ended - began).TotalMilliseconds);
                else failures++;
            }
            return (milliseconds, failures);
        }
    }
}
