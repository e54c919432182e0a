using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>The checks of one anchor. Each asks the evidence only; none depends on another's outcome.</summary>
internal static class AnchorSteps
{
    public static readonly (string Name, Func<AnchorEvidence, Result> Run)[] All =
    [
        (CheckNames.AnchorSignature, AnchorSignature),
        (CheckNames.LogInclusion, LogInclusion),
        (CheckNames.LogCheckpointSignature, LogCheckpointSignature),
        (CheckNames.Set, SignedEntryTimestamp),
        (CheckNames.Timestamp, Timestamp),
    ];

    private static Result AnchorSignature(AnchorEvidence anchor)
    {
        if (anchor.Unreadable is { } unreadable) return unreadable;
        if (anchor.Key is not { } key) return anchor.KeyFailure!.Value;
        if (anchor.Message.Digest is null) return FailureCode.MessageDigestMissing;
        if (anchor.Message.Digest != anchor.Digest) return FailureCode.AnchorDigestMismatch;
        return EcdsaP256.VerifyDigest(key, anchor.Digest.ToArray(), anchor.Message.Signature)
            ? Result.Pass
            : FailureCode.SignatureInvalid;
    }

    private static Result LogInclusion(AnchorEvidence anchor)
    {
        if (anchor.Unreadable is { } unreadable) return unreadable;
        if (anchor.Log is null) return FailureCode.LogUnknown;
        if (anchor.Content is not { } content) return anchor.ContentFailure;
        if (content.Kind != LoggedContent.HashedRekord) return FailureCode.AnchorUnsupported;
        if (content.Kind != anchor.Entry.Kind || content.Version != anchor.Entry.Version) return FailureCode.LogBodyKindUnknown;
        if (OtherBody(content, anchor) is { } other) return other;
        // v1 counts through all its shards, and its SET signs that number; of v2's entries nobody signs a second one.
        if (anchor.IsOfVersion2 && anchor.Entry.LogIndex != anchor.Entry.Inclusion.LogIndex) return FailureCode.LogIndexMismatch;
        if (anchor.BelievedCheckpoint is not { } checkpoint) return FailureCode.CheckpointNotVerified;
        return Result.Of(LogEntryChecks.Inclusion(anchor.Entry, checkpoint));
    }

    private static Result LogCheckpointSignature(AnchorEvidence anchor)
    {
        if (anchor.Unreadable is { } unreadable) return unreadable;
        return anchor.Log is null ? FailureCode.LogUnknown : Result.Of(anchor.CheckpointFailure);
    }

    private static Result SignedEntryTimestamp(AnchorEvidence anchor)
    {
        if (anchor.Unreadable is { } unreadable) return unreadable;
        if (anchor.Log is not { } log) return FailureCode.LogUnknown;
        var entry = anchor.Entry;
        if (anchor.IsOfVersion2)
        {
            if (entry.SignedEntryTimestamp is not null) return FailureCode.AnchorSetUnexpected;
            return entry.IntegratedTime == 0 ? Result.Absent : FailureCode.AnchorTimeUnsigned;
        }

        // Only the SET binds v1's global index and its time: without it they would be numbers that anybody may change.
        if (entry.SignedEntryTimestamp is null) return FailureCode.AnchorSetMissing;
        return Result.Of(LogEntryChecks.SignedEntryTimestamp(entry, log));
    }

    private static Result Timestamp(AnchorEvidence anchor)
    {
        if (anchor.Unreadable is { } unreadable) return unreadable;
        if (anchor.HasTimestamps) return Result.Of(anchor.TimestampFailure);
        // v2 states no time: where the log's key has an end, nothing else says that the anchor was made before it.
        return anchor is { IsOfVersion2: true, Log.ValidTo: not null } ? FailureCode.TimestampMissing : Result.Absent;
    }

    private static FailureCode? OtherBody(LoggedContent content, AnchorEvidence anchor)
    {
        if (content.Algorithm != "sha256" || !content.Data.AsSpan().SequenceEqual(anchor.Digest.ToArray()))
            return FailureCode.LogBodyDigestMismatch;
        if (content.Signatures is not [var logged] || !logged.Signature.AsSpan().SequenceEqual(anchor.Message.Signature))
            return FailureCode.LogBodySignatureMismatch;
        return AnchorKeys.HintOf(logged.Spki) == anchor.Hint ? null : FailureCode.LogBodyKeyMismatch;
    }
}
