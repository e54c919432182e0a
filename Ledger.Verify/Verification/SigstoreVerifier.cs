using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>
/// Judges any Sigstore bundle v0.3 made with a plain key as <c>cosign verify-blob --key --trusted-root</c> does (for an envelope
/// <c>verify-blob-attestation</c>): what cosign lets pass passes here, but for the differences in docs/verify.md. The ledger's own bundles
/// are held to more, by <see cref="BundleVerifier"/>. Pure: no file, no network, no clock. Safe for use from many threads.
/// </summary>
public sealed class SigstoreVerifier
{
    // Every step runs, whatever came before it. What several entries say about one step is put together by the evidence.
    private static readonly (string Name, Func<SigstoreEvidence, Result> Run)[] Steps =
    [
        (CheckNames.PayloadDigest, PayloadDigest),
        (CheckNames.Signature, Signature),
        (CheckNames.LogBody, evidence => evidence.Of(entry => entry.Body)),
        (CheckNames.LogInclusion, Inclusion),
        (CheckNames.LogCheckpointSignature, evidence => evidence.Of(entry => entry.Checkpoint)),
        (CheckNames.Set, evidence => evidence.Of(entry => entry.Set)),
        (CheckNames.Timestamp, Timestamp),
    ];

    private readonly byte[] _spki;
    private readonly TrustedRoot _root;

    /// <param name="spki">DER SubjectPublicKeyInfo of the signer's key: ECDSA P-256, or Ed25519 (for envelopes).</param>
    /// <param name="root">The logs and timestamp authorities that are believed.</param>
    /// <exception cref="ArgumentException">Another kind of key.</exception>
    public SigstoreVerifier(byte[] spki, TrustedRoot root)
    {
        ArgumentNullException.ThrowIfNull(spki);
        ArgumentNullException.ThrowIfNull(root);
        if (!LogKey.IsSupported(spki)) throw new ArgumentException("The key is neither ECDSA P-256 nor Ed25519.", nameof(spki));
        (_spki, _root) = (spki, root);
    }

    /// <summary>Runs all steps on one bundle.</summary>
    /// <param name="bundle">The bundle, as read.</param>
    /// <param name="artifact">What the caller holds and the bundle should be about.</param>
    /// <param name="useSignedTimestamps">
    /// Asks for at least one timestamp of the trusted root's authorities, as cosign's option of that name. Without it one that cannot be
    /// verified counts as absent, and a note says so.
    /// </param>
    public SigstoreReport Verify(SigstoreBundle bundle, ArtifactDigests artifact, bool useSignedTimestamps = false)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(artifact);
        var evidence = new SigstoreEvidence(bundle, artifact, _spki, _root, useSignedTimestamps);
        var checks = Array.ConvertAll(Steps, step => step.Run(evidence).As(step.Name));
        return new SigstoreReport(checks, VerificationReport.AnyFailed(checks) ? Verdict.Failed : Verdict.Verified, evidence.Notes);
    }

    private static Result PayloadDigest(SigstoreEvidence evidence)
    {
        if (evidence.Bundle.Envelope is { } envelope)
        {
            if (envelope.PayloadType != Entries.Dsse.InTotoPayloadType) return FailureCode.PayloadTypeUnknown;
            if (SubjectDigests.Of(envelope.Payload) is not { } subjects) return FailureCode.StatementMalformed;
            return subjects.Name(evidence.Artifact) ? Result.Pass : FailureCode.ArtifactMismatch;
        }

        if (evidence.Bundle.Message?.Digest is not { } digest) return FailureCode.MessageDigestMissing;
        return digest == evidence.Artifact.Sha256 ? Result.Pass : FailureCode.ArtifactMismatch;
    }

    private static Result Signature(SigstoreEvidence evidence)
    {
        if (evidence.Bundle.Envelope is { } envelope)
        {
            if (envelope.Signatures is not [var signature]) return FailureCode.SignatureCount;
            if (signature.KeyId.Length > 0 && signature.KeyId != evidence.KeyId) return FailureCode.KeyIdMismatch;
            return LogKey.Verify(evidence.Spki, evidence.Pae!, signature.Signature) ? Result.Pass : FailureCode.SignatureInvalid;
        }

        // No log takes a pure Ed25519 signature over a digest, and the artifact itself is not here.
        if (!EcdsaP256.IsKey(evidence.Spki)) return FailureCode.KeyUnsupported;
        var digest = evidence.Artifact.Sha256.ToArray();
        return EcdsaP256.VerifyDigest(evidence.Spki, digest, evidence.Signature) ? Result.Pass : FailureCode.SignatureInvalid;
    }

    private static Result Inclusion(SigstoreEvidence evidence)
    {
        if (evidence.Bundle.Entries.Count == 0) return FailureCode.LogEntryMissing;
        if (evidence.HasRepeatedEntries) return FailureCode.LogEntryRepeated;
        return evidence.Of(entry => entry.Inclusion);
    }

    private static Result Timestamp(SigstoreEvidence evidence)
    {
        if (evidence.HasTimestamp) return Result.Pass;
        return evidence.UseSignedTimestamps ? evidence.TimestampFailure ?? FailureCode.TimestampMissing : Result.Absent;
    }
}
