namespace Ledger.Core.Anchoring;

/// <summary>RFC 3161 over HTTP: a signature's time, by an authority whose certificates are pinned.</summary>
public sealed class TimestampClient
{
    /// <summary>Whether an authority is configured.</summary>
    public bool IsConfigured => throw new NotImplementedException();

    /// <summary>The authority's TimeStampResp over SHA-256 of the signature, DER as bundles hold it; verified.</summary>
    /// <exception cref="LogException">None, or one that does not verify.</exception>
    public Task<byte[]> StampAsync(byte[] signature, CancellationToken cancel) => throw new NotImplementedException();
}
