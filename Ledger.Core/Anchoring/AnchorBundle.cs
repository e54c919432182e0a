using System.Security.Cryptography;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Core.Anchoring;

/// <summary>Makes the file that is stored and handed out, and judges it as its readers will: what they would refuse is never
/// stored.</summary>
internal static class AnchorBundle
{
    /// <param name="envelope">Of an attestation: the envelope that was signed.</param>
    /// <param name="timestamp">The TimeStampResp over the signature; null where the log gives the time.</param>
    /// <returns>RFC 8785 bytes of a Sigstore bundle v0.3.</returns>
    /// <exception cref="LogException">Class Log: a check failed.</exception>
    public static byte[] Make(LogSubmission submission, LogEntry entry, DsseEnvelope? envelope, byte[]? timestamp, TrustedRoot root)
    {
        var bundle = new SigstoreBundle(
            Convert.ToBase64String(SHA256.HashData(submission.Spki)),
            envelope is null ? new BundledSignature(submission.Digest, submission.Signature) : null,
            envelope is null ? null
                : new BundledEnvelope(envelope.Payload, envelope.PayloadType,
                    [new(KeyIdOf(envelope, submission.Spki), envelope.Signature)]),
            [entry],
            timestamp is null ? [] : [timestamp]);
        var bytes = bundle.ToBytes();
        if (Judge(bytes, submission, envelope, timestamp is not null, root) is { } failure)
            throw new LogException(LogFailureClass.Log, $"the anchor does not verify: {failure}", failure);
        return bytes;
    }

    // cosign refuses every keyid but none and the key's SSH fingerprint. No signature covers it: what it said is in the stored envelope.
    private static string KeyIdOf(DsseEnvelope envelope, byte[] spki)
    {
        var fingerprint = Spki.TryReadEd25519(spki, out var raw) ? SshFingerprint.OfEd25519(raw) : SshFingerprint.OfEcdsaP256(spki);
        return envelope.KeyId == fingerprint ? fingerprint : "";
    }

    private static FailureCode? Judge(byte[] bytes, LogSubmission submission, DsseEnvelope? envelope, bool isStamped, TrustedRoot root)
    {
        if (envelope is null)
            return new AnchorVerifier(root).Verify(bytes, submission.Digest, [Spki.ToPem(submission.Spki)], []).Failure;
        if (!SigstoreBundle.TryParse(bytes, out var read, out var failure)) return failure;
        // What a third party's statement is about is for its readers; that it is signed so, and logged so, is judged here.
        return new SigstoreVerifier(submission.Spki, root).Verify(read, ArtifactDigests.Of([]), useSignedTimestamps: isStamped).Checks
            .FirstOrDefault(check => check.Outcome == CheckOutcome.Fail && check.Name != CheckNames.PayloadDigest)?.Code;
    }
}
