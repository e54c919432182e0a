using System.Diagnostics.CodeAnalysis;

namespace Ledger.Verify.Anchoring;

/// <summary>A signature in a log body, with the key it is by.</summary>
/// <param name="Signature">The bytes.</param>
/// <param name="Spki">DER SubjectPublicKeyInfo.</param>
public sealed record LoggedSignature(byte[] Signature, byte[] Spki);

/// <summary>What the body of a log entry says.</summary>
/// <param name="Kind"><c>hashedrekord</c> or <c>dsse</c>.</param>
/// <param name="Version"><c>0.0.1</c> or <c>0.0.2</c>.</param>
/// <param name="Algorithm">hashedrekord: of the digest: <c>sha256</c>, <c>sha384</c> or <c>sha512</c>, in both versions; dsse: <c>sha256</c>.</param>
/// <param name="Data">hashedrekord: the artifact's digest; dsse: the payload's hash.</param>
/// <param name="Signatures">hashedrekord: exactly one.</param>
/// <param name="EnvelopeHash">dsse: over the envelope string as it was posted; else null.</param>
public sealed record LoggedContent(
    string Kind, string Version, string Algorithm, byte[] Data, IReadOnlyList<LoggedSignature> Signatures, Digest? EnvelopeHash);

/// <summary>Canonical bodies of log entries: hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1.</summary>
public static class LogBody
{
    /// <summary>The body that Rekor v1 makes of a hashedrekord 0.0.1.</summary>
    public static byte[] HashedRekordV1(Digest digest, byte[] signature, string pem) => throw new NotImplementedException();

    /// <summary>The body that Rekor v2 makes of a hashedrekord 0.0.2 by an ECDSA P-256 key.</summary>
    public static byte[] HashedRekordV2(Digest digest, byte[] signature, byte[] spki) => throw new NotImplementedException();

    /// <summary>Reads a body of a kind and version that is known; every other is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out LoggedContent? content, out FailureCode failure) =>
        throw new NotImplementedException();
}
