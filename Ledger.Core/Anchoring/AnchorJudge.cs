using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Core.Anchoring;

/// <summary>Judges Sigstore bundles with the verifier's own code, and so in its words: what passes here passes offline, given the same
/// logs. Pure.</summary>
/// <param name="root">The configured logs and timestamping authorities.</param>
internal sealed class AnchorJudge(TrustedRoot root)
{
    private static readonly ArtifactDigests NoArtifact = ArtifactDigests.Of([]);

    /// <summary>An anchor of ours, against what it must be of.</summary>
    public IReadOnlyList<Check> Judge(byte[] bundle, AnchorExpectation expected)
    {
        if (expected.Attested is { } attested)
            return SigstoreBundle.TryParse(bundle, out var parsed, out var failure) ? Judge(parsed, attested)
                : [Check.Fail(CheckNames.Signature, failure)];
        return expected.Digest is { } digest
            ? new AnchorVerifier(root).Verify(bundle, digest, expected.Keys, expected.OtherKeys).Checks
            : [Check.Fail(CheckNames.AnchorSignature, FailureCode.AnchorDigestMismatch)];
    }

    /// <summary>A signature over a digest that the caller brought, by one of these keys.</summary>
    public IReadOnlyList<Check> Judge(SigstoreBundle bundle, IReadOnlyList<string> keys) =>
        new AnchorVerifier(root).Verify(bundle.ToBytes(), bundle.Message?.Digest ?? Digest.Zero, keys, []).Checks;

    /// <summary>An envelope that the caller brought.</summary>
    /// <param name="spki">The tenant's registered key that the bundle hints at; null where it has none such.</param>
    public IReadOnlyList<Check> Judge(SigstoreBundle bundle, byte[]? spki)
    {
        if ((spki ?? LoggedKeyOf(bundle)) is not { } key || !LogKey.IsSupported(key))
            return [Check.Fail(CheckNames.Signature, FailureCode.AnchorKeyUnknown)];
        var checks = Run(bundle, key);
        // By whom it is signed is not known here; that the log holds it may still be so.
        return spki is not null ? checks
            : [.. checks.Select(check =>
                check.Name != CheckNames.Signature ? check : Check.Fail(check.Name, FailureCode.AnchorKeyUnknown))];
    }

    private IReadOnlyList<Check> Judge(SigstoreBundle bundle, AttestedEnvelope attested)
    {
        var same = bundle.Envelope is { } envelope && envelope.PayloadType == attested.Envelope.PayloadType
            && envelope.Payload.AsSpan().SequenceEqual(attested.Envelope.Payload);
        var digest = same ? Check.Pass(CheckNames.PayloadDigest) : Check.Fail(CheckNames.PayloadDigest, FailureCode.ArtifactMismatch);
        return [digest, .. Run(bundle, attested.Spki)];
    }

    // Which artifact the statement is about is not asked here.
    private IReadOnlyList<Check> Run(SigstoreBundle bundle, byte[] spki) =>
        [.. new SigstoreVerifier(spki, root).Verify(bundle, NoArtifact).Checks.Where(check => check.Name != CheckNames.PayloadDigest)];

    private static byte[]? LoggedKeyOf(SigstoreBundle bundle) =>
        bundle.Entries is [var entry, ..] && LogBody.TryParse(entry.CanonicalizedBody, out var content, out _)
            && content.Signatures is [var signature, ..] ? signature.Spki : null;
}
