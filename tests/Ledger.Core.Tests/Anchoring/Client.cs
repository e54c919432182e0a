using Ledger.Core.Anchoring;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Clients as the configuration makes them.</summary>
internal static class Client
{
    /// <param name="url">Of a server.</param>
    /// <param name="key">PEM, or the path of a PEM file.</param>
    /// <param name="origin">The host name of its checkpoints.</param>
    /// <param name="time">Of timeouts and waits; the system's by default.</param>
    public static RekorV1Client V1(Uri url, string key, string? origin = null, TimeProvider? time = null) =>
        (RekorV1Client)Open(url, 1, key, origin, time);

    /// <inheritdoc cref="V1"/>
    public static RekorV2Client V2(Uri url, string key, string origin, TimeProvider? time = null) =>
        (RekorV2Client)Open(url, 2, key, origin, time);

    private static ITransparencyLog Open(Uri url, int version, string key, string? origin, TimeProvider? time)
    {
        var rekor = new RekorOptions();
        rekor.Logs.Add(new RekorLogOptions { Url = url, Version = version, PublicKey = key, Origin = origin });
        return TransparencyLogs.Of(rekor, new TimestampingOptions(), time ?? TimeProvider.System).Primary!;
    }
}
