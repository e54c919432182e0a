using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;

namespace Ledger.Core.Anchoring;

/// <summary>Whether an entry is what was submitted: a log may answer with somebody else's, and 409 names any entry it likes.</summary>
internal static class EntryMatch
{
    /// <summary>Null when the body has the submission's kind, digest, signature and key.</summary>
    public static FailureCode? Check(LogSubmission submitted, ReadOnlySpan<byte> body)
    {
        if (!LogBody.TryParse(body, out var content, out var failure)) return failure;
        var isDsse = submitted.Kind == LogSubmissionKind.Dsse;
        if (content.Kind != (isDsse ? "dsse" : "hashedrekord")) return FailureCode.LogBodyKindUnknown;
        var sameDigest = isDsse
            ? content.EnvelopeHash == Digest.Sha256(submitted.Envelope)
            : content.Algorithm == "sha256" && content.Data.AsSpan().SequenceEqual(submitted.Digest.ToArray());
        if (!sameDigest) return FailureCode.LogBodyDigestMismatch;
        var signature = content.Signatures.FirstOrDefault(s => s.Signature.AsSpan().SequenceEqual(submitted.Signature));
        if (signature is null) return FailureCode.LogBodySignatureMismatch;
        return signature.Spki.AsSpan().SequenceEqual(submitted.Spki) ? null : FailureCode.LogBodyKeyMismatch;
    }

    /// <summary>What no Rekor takes is not sent: it would fail in the log's words, or (v2, Ed25519) as the log's own fault.</summary>
    /// <exception cref="LogException">Class Log.</exception>
    public static void RequireSendable(LogSubmission submission, int version)
    {
        if (submission.Kind == LogSubmissionKind.Dsse && version == 2)
            throw new LogException(LogFailureClass.Log, "a v2 log takes no dsse; submit a hashedrekord over the PAE's digest");
        if (submission.Kind == LogSubmissionKind.Dsse && submission.Envelope is null)
            throw new LogException(LogFailureClass.Log, "a dsse without its envelope");
        if (submission.Kind == LogSubmissionKind.HashedRekord && !EcdsaP256.IsKey(submission.Spki))
            throw new LogException(LogFailureClass.Log, "a hashedrekord needs an ECDSA P-256 key", FailureCode.KeyUnsupported);
    }
}
