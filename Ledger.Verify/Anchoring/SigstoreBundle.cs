using System.Diagnostics.CodeAnalysis;

namespace Ledger.Verify.Anchoring;

/// <summary>A bundle's <c>messageSignature</c>.</summary>
/// <param name="Digest">SHA-256 of the artifact, as the bundle claims it; null where it names none.</param>
/// <param name="Signature">ECDSA: DER.</param>
public sealed record BundledSignature(Digest? Digest, byte[] Signature);

/// <summary>One signature of a bundled envelope.</summary>
/// <param name="KeyId">May be empty.</param>
/// <param name="Signature">ECDSA: DER; Ed25519: 64 bytes.</param>
public sealed record BundledEnvelopeSignature(string KeyId, byte[] Signature);

/// <summary>A bundle's <c>dsseEnvelope</c>.</summary>
/// <param name="Payload">Decoded.</param>
/// <param name="PayloadType">Such as <c>application/vnd.in-toto+json</c>.</param>
/// <param name="Signatures">Over the PAE of both.</param>
public sealed record BundledEnvelope(byte[] Payload, string PayloadType, IReadOnlyList<BundledEnvelopeSignature> Signatures);

/// <summary>A Sigstore bundle v0.3 made with a plain key, over exactly one of <see cref="Message"/> and <see cref="Envelope"/>.</summary>
/// <param name="Hint">The key's hint, by convention base64 of SHA-256 of its DER SPKI; null where there is none.</param>
/// <param name="Message">The signature over an artifact.</param>
/// <param name="Envelope">The DSSE envelope over an artifact's statement.</param>
/// <param name="Entries">Log entries.</param>
/// <param name="Timestamps">DER RFC 3161 tokens or responses, as the bundle holds them.</param>
public sealed record SigstoreBundle(
    string? Hint, BundledSignature? Message, BundledEnvelope? Envelope, IReadOnlyList<LogEntry> Entries, IReadOnlyList<byte[]> Timestamps)
{
    /// <summary>
    /// Reads a bundle as leniently as cosign does: any layout, int64 as string or number, either base64, optional parts unset or null.
    /// Who wants the one canonical form compares with <see cref="ToBytes"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out SigstoreBundle? bundle, out FailureCode failure) =>
        SigstoreBundleJson.TryRead(json, out bundle, out failure);

    /// <summary>The bundle in RFC 8785 form, as cosign takes it, without a final LF.</summary>
    public byte[] ToBytes() => SigstoreBundleWriter.Write(this);
}
