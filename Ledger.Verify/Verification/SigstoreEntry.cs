using System.Security.Cryptography;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>One log entry of a Sigstore bundle, judged.</summary>
/// <param name="Body">Whether the log holds what the bundle shows.</param>
/// <param name="Inclusion">Whether it is in the tree of the verified checkpoint.</param>
/// <param name="Checkpoint">Whether the log has signed that.</param>
/// <param name="Set">The log's promise.</param>
/// <param name="PassedOver">Why the entry does not count, where that alone does not fail the bundle.</param>
internal sealed record SigstoreEntry(Result Body, Result Inclusion, Result Checkpoint, Result Set, FailureCode? PassedOver)
{
    public bool Counts => PassedOver is null;

    /// <summary>A body that is none fails the bundle even where its log is nobody's.</summary>
    public bool IsUnreadable => Body.Code is FailureCode.LogBodyMalformed or FailureCode.LogBodyKindUnknown;

    public static SigstoreEntry Judge(LogEntry entry, SigstoreEvidence evidence, TrustedLog? log)
    {
        var body = JudgeBody(entry, evidence, out var content);
        if (log is null)
            return new(body, FailureCode.CheckpointNotVerified, FailureCode.LogUnknown, Result.Absent, FailureCode.LogUnknown);
        var failure = LogCheckpoint.VerifyLeniently(entry.Inclusion.Checkpoint, log, out var believed);
        Result inclusion = believed is null
            ? FailureCode.CheckpointNotVerified
            : Result.Of(LogEntryChecks.InclusionLeniently(entry, believed));
        var set = JudgeSet(entry, content, log);
        return new(body, inclusion, Result.Of(failure), set, set.Code);
    }

    private static Result JudgeSet(LogEntry entry, LoggedContent? content, TrustedLog log)
    {
        if (entry.SignedEntryTimestamp is null) return Result.Absent;
        // Rekor v2 promises nothing, so what is said to be its promise is nobody's.
        return content is { IsV2: true } ? FailureCode.SetInvalid : Result.Of(LogEntryChecks.SignedEntryTimestamp(entry, log));
    }

    private static Result JudgeBody(LogEntry entry, SigstoreEvidence evidence, out LoggedContent? content)
    {
        if (!LogBody.TryParse(entry.CanonicalizedBody, out content, out var failure)) return failure;
        if ((entry.Kind, entry.Version) != (content.Kind, content.Version)) return FailureCode.LogBodyKindUnknown;
        if (Expected(content, evidence) is not { } expected) return FailureCode.LogBodyKindUnknown;
        if (content.Algorithm != expected.Algorithm || !content.Data.AsSpan().SequenceEqual(expected.Digest))
            return FailureCode.LogBodyDigestMismatch;
        // Of an envelope logged with several signatures cosign compares the first, as the log sorts them.
        if (!content.Signatures[0].Signature.AsSpan().SequenceEqual(evidence.Signature)) return FailureCode.LogBodySignatureMismatch;
        return content.Signatures[0].Spki.AsSpan().SequenceEqual(evidence.Spki) ? Result.Pass : FailureCode.LogBodyKeyMismatch;
    }

    /// <summary>What the log must hold; null when it cannot hold this bundle under such a kind.</summary>
    private static (string Algorithm, byte[] Digest)? Expected(LoggedContent content, SigstoreEvidence evidence)
    {
        if (evidence.Bundle.Envelope is not { } envelope)
        {
            return content.Kind == LoggedContent.HashedRekord ? ("sha256", evidence.Bundle.Message?.Digest?.ToArray() ?? []) : null;
        }

        if (content.Kind == LoggedContent.Dsse) return ("sha256", SHA256.HashData(envelope.Payload));
        if (!content.IsV2) return null;
        // Rekor v2 has no dsse: the envelope is logged as what its signature covers, hashed as its key hashes.
        return EcdsaP256.IsKey(evidence.Spki)
            ? ("sha256", SHA256.HashData(evidence.Pae!))
            : ("sha512", SHA512.HashData(evidence.Pae!));
    }
}
