using System.Diagnostics.CodeAnalysis;

namespace Ledger.Verify.Anchoring;

/// <summary>A transparency log whose key is pinned.</summary>
/// <param name="LogId">The log's id, 32 bytes: v1 SHA-256(DER SPKI); v2 SHA-256(origin ‖ LF ‖ 0x01 ‖ raw key).</param>
/// <param name="Origin">The host of its <c>baseUrl</c>: the name of its checkpoint signatures, never an address to dial.</param>
/// <param name="Spki">DER SubjectPublicKeyInfo: ECDSA P-256 or Ed25519.</param>
/// <param name="ValidFrom">First moment at which its key is believed.</param>
/// <param name="ValidTo">Last moment; null while the key is in use.</param>
public sealed record TrustedLog(Digest LogId, string Origin, byte[] Spki, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo);

/// <summary>A timestamp authority whose certificates are pinned.</summary>
/// <param name="Uri">Its address, for people; may be empty.</param>
/// <param name="Certificates">DER, leaf first, root last.</param>
/// <param name="ValidFrom">First moment at which its timestamps are believed.</param>
/// <param name="ValidTo">Last moment; null while it is in use.</param>
public sealed record TrustedTimestampAuthority(
    string Uri, IReadOnlyList<byte[]> Certificates, DateTimeOffset ValidFrom, DateTimeOffset? ValidTo);

/// <summary>The logs and timestamp authorities of a Sigstore trusted_root.json.</summary>
/// <param name="Logs">The <c>tlogs</c>.</param>
/// <param name="TimestampAuthorities">The <c>timestampAuthorities</c>.</param>
public sealed record TrustedRoot(IReadOnlyList<TrustedLog> Logs, IReadOnlyList<TrustedTimestampAuthority> TimestampAuthorities)
{
    /// <summary>
    /// Reads a trusted_root.json as cosign does; unknown members are refused like there. Certificate authorities, CT logs and logs with
    /// keys of other kinds than <see cref="LogKey"/> knows are passed over, and so are not there in <see cref="ToBytes"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out TrustedRoot? root, out FailureCode failure)
    {
        var read = TrustedRootJson.TryRead(json, out root);
        failure = read ? default : FailureCode.TrustedRootMalformed;
        return read;
    }

    /// <summary>
    /// The file in RFC 8785 form, as cosign takes it. A log's <c>baseUrl</c> is <c>https://</c> and its origin: cosign takes the origin
    /// from there and dials nobody.
    /// </summary>
    public byte[] ToBytes() => TrustedRootWriter.Write(this);

    /// <summary>The log of that id, or null.</summary>
    public TrustedLog? LogOf(Digest logId) => Logs.FirstOrDefault(log => log.LogId == logId);
}
