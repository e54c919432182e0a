namespace Ledger.Verify.Anchoring;

/// <summary>A signature in a log body, with the key it is by.</summary>
/// <param name="Signature">The bytes.</param>
/// <param name="Spki">DER SubjectPublicKeyInfo, of whatever kind of key the log took.</param>
public sealed record LoggedSignature(byte[] Signature, byte[] Spki);

/// <summary>What the body of a log entry says.</summary>
/// <param name="Kind"><c>hashedrekord</c> or <c>dsse</c>.</param>
/// <param name="Version"><c>0.0.1</c> or <c>0.0.2</c>.</param>
/// <param name="Algorithm">Of <paramref name="Data"/>: <c>sha256</c>, <c>sha384</c> or <c>sha512</c> in every version.</param>
/// <param name="Data">hashedrekord: the artifact's digest; dsse: the payload's hash.</param>
/// <param name="Signatures">hashedrekord: exactly one; dsse: at least one.</param>
/// <param name="EnvelopeHash">dsse: over the envelope string as it was posted; else null.</param>
public sealed record LoggedContent(
    string Kind, string Version, string Algorithm, byte[] Data, IReadOnlyList<LoggedSignature> Signatures, Digest? EnvelopeHash)
{
    public const string HashedRekord = "hashedrekord";

    public const string Dsse = "dsse";

    /// <summary>Rekor v1's version of both kinds.</summary>
    public const string V1 = "0.0.1";

    /// <summary>Rekor v2's version of <see cref="HashedRekord"/>, its only kind.</summary>
    public const string V2 = "0.0.2";

    /// <summary>Whether only Rekor v2 has such bodies.</summary>
    public bool IsV2 => Version == V2;
}
