namespace Ledger.DevHost.Setup;

/// <summary>The collector that the programs send their telemetry to: the person's own, and away as often as not.</summary>
internal static class Collector
{
    /// <summary>Where it is, for the programs as well.</summary>
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How long it may take to say anything.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Whether it would keep each program waiting at its end: it takes connections, or swallows them, and says nothing. One that
    /// refuses costs nobody time, and whatever is said to this request, which is none of OTLP's, is an answer.</summary>
    public static async Task<bool> IsSilentAsync(string? endpoint, HttpClient http, TimeSpan patience, CancellationToken ct)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var address)) return false;
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
        waiting.CancelAfter(patience);
        try
        {
            using var answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, waiting.Token);
            return false;
        }
        catch (Exception e) when (e is HttpRequestException or NotSupportedException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return true;
        }
    }
}
