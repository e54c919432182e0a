namespace Ledger.Verify.Anchoring;

/// <summary>RFC 3161 timestamps, judged by pinned certificates alone: no system trust store, no revocation, no network.</summary>
public static class TimestampToken
{
    /// <summary>Null when one of the authorities has stamped SHA-256 of the signature.</summary>
    /// <param name="token">DER TimeStampResp, as a TSA answers and bundles hold it, or the bare token.</param>
    /// <param name="signature">The DER signature bytes whose SHA-256 is the imprint.</param>
    /// <param name="roots">The pinned authorities.</param>
    /// <param name="time">The stamped time; default on a failure.</param>
    public static FailureCode? Verify(
        byte[] token, byte[] signature, IReadOnlyList<TrustedTimestampAuthority> roots, out DateTimeOffset time) =>
        throw new NotImplementedException();
}
