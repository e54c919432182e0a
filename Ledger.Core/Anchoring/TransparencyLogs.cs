using Ledger.Verify;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>The configured logs.</summary>
/// <param name="all">In the order of the configuration.</param>
/// <param name="root">What they and the timestamping authority are verified with.</param>
public sealed class TransparencyLogs(IReadOnlyList<ITransparencyLog> all, TrustedRoot root)
{
    /// <summary>Primary first; empty where nothing is anchored.</summary>
    public IReadOnlyList<ITransparencyLog> All { get; } = all;

    public ITransparencyLog? Primary => All.Count == 0 ? null : All[0];

    /// <summary>The Sigstore trusted root of the options: what trust.json and clients get.</summary>
    public TrustedRoot Root { get; } = root;

    /// <summary>The clients that the options describe. Nothing is called.</summary>
    /// <param name="rekor">Without faults.</param>
    /// <param name="timestamping">Without faults.</param>
    /// <param name="time">Of their timeouts and waits.</param>
    public static TransparencyLogs Of(RekorOptions rekor, TimestampingOptions timestamping, TimeProvider time,
        LogMetrics? metrics = null) => Of(rekor, timestamping, time, LogHttp.Handler, metrics);

    internal static TransparencyLogs Of(
        RekorOptions rekor, TimestampingOptions timestamping, TimeProvider time, Func<HttpMessageHandler> handler,
        LogMetrics? metrics = null)
    {
        var logs = rekor.Logs.Select((log, i) => Client(log, i, time, handler(), metrics)).ToList();
        var root = new TrustedRoot([.. logs.Select(log => log.Trusted)], timestamping.Trusted() is { } authority ? [authority] : []);
        return new TransparencyLogs(logs, root);
    }

    public ITransparencyLog? Of(Digest logId) => All.FirstOrDefault(log => log.Trusted.LogId == logId);

    // A breaker of its own for each: one log's outage is not the other's.
    private static ITransparencyLog Client(
        RekorLogOptions log, int ordinal, TimeProvider time, HttpMessageHandler handler, LogMetrics? metrics)
    {
        var http = new LogHttp(new HttpClient(handler), ServerUrl.Base(log.Url!), time, metrics?.OfLog(PinnedLog.Of(log).Origin));
        return log.Version == 2 ? new RekorV2Client(log, ordinal, http, time) : new RekorV1Client(log, ordinal, http);
    }
}
