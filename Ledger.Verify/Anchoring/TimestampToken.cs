namespace Ledger.Verify.Anchoring;

/// <summary>
/// RFC 3161 timestamps, judged by pinned certificates alone: no system trust store, no revocation, no network.
/// https://www.rfc-editor.org/rfc/rfc3161#section-2.4.2
/// </summary>
public static class TimestampToken
{
    /// <summary>
    /// Null when one of the authorities has stamped the signature: the imprint is its SHA-256 (or SHA-384, SHA-512), the token is signed by
    /// the pinned certificate, which may sign timestamps and nothing else and led at the token's time to the pinned root.
    /// </summary>
    /// <param name="token">DER TimeStampResp whose status is granted, as a TSA answers and bundles hold it. A bare token is refused: cosign
    /// refuses it too, so it has no place in a bundle.</param>
    /// <param name="signature">The DER signature bytes that were stamped.</param>
    /// <param name="roots">The pinned authorities.</param>
    /// <param name="time">The stamped time, UTC; default on a failure.</param>
    public static FailureCode? Verify(
        byte[] token, byte[] signature, IReadOnlyList<TrustedTimestampAuthority> roots, out DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(signature);
        ArgumentNullException.ThrowIfNull(roots);
        time = default;
        if (!TimestampResponse.TryParse(token, out var response)) return FailureCode.TimestampMalformed;
        if (!response.IsOver(signature)) return FailureCode.TimestampImprintMismatch;

        // Several authorities may share a chain or a window may have ended: what was nearest to a pass is what is said.
        var failure = FailureCode.TimestampAuthorityUnknown;
        foreach (var authority in roots)
        {
            if (response.Judge(authority) is not { } refused)
            {
                time = response.Time;
                return null;
            }

            if (refused != FailureCode.TimestampAuthorityUnknown) failure = refused;
        }

        return failure;
    }
}
