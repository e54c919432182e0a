namespace Ledger.DevHost.Setup;

/// <summary>The transparency logs that the programs anchor in, primary first, and the timestamping authority that a v2 log needs.</summary>
internal sealed record AnchoringAccess(IReadOnlyList<LogAccess> Logs, TimestampingAccess Timestamping)
{
    public LogAccess? OfVersion(int version) => Logs.FirstOrDefault(log => log.Version == version);
}

/// <summary>One log.</summary>
/// <param name="KeyFile">Path of its public key, PEM.</param>
/// <param name="Origin">v1: the host name in its checkpoints; v2: their first line.</param>
internal sealed record LogAccess(Uri Url, int Version, string KeyFile, string Origin);

/// <summary>An RFC 3161 authority.</summary>
/// <param name="CertificatesFile">Path of its chain, PEM, leaf first.</param>
internal sealed record TimestampingAccess(Uri Url, string CertificatesFile);
