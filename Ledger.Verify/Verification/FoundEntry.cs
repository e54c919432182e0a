using System.Globalization;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>An entry that a transparency log was found to hold.</summary>
/// <param name="Name">v1: the entry id in hex; v2: the log's id in hex, <c>:</c>, the index.</param>
/// <param name="LogId">The log.</param>
/// <param name="LogIndex">The index in it, the global one on v1.</param>
/// <param name="Body">The leaf's bytes.</param>
/// <param name="Failure">Why the log has not shown that it holds it; null when it has.</param>
internal sealed record FoundEntry(string Name, Digest LogId, long LogIndex, byte[] Body, FailureCode? Failure)
{
    /// <summary>
    /// What is signed in it by one of these keys; none when nothing is. Somebody else may log anything, our own signature too, but not a
    /// new one by our key.
    /// </summary>
    public IEnumerable<SignedContent> SignedBy(IReadOnlySet<string> hints)
    {
        if (!SweptBody.TryParse(Body, out var content)) yield break;
        foreach (var signature in content.Signatures)
        {
            var hint = AnchorKeys.HintOf(signature.Spki);
            if (!hints.Contains(hint)) continue;
            if (!content.IsDigest) yield return new SignedContent(hint, null);
            else if (EcdsaP256.VerifyDigest(signature.Spki, content.Data, signature.Signature))
                yield return new SignedContent(hint, new Digest(content.Data));
        }
    }

    /// <summary>An entry of Rekor v1 as it was fetched, with the proof that came with it.</summary>
    /// <param name="name">The id it was asked for by: tree id, then leaf hash.</param>
    /// <param name="entry">What was answered.</param>
    /// <param name="root">The logs to believe.</param>
    public static FoundEntry OfVersion1(string name, LogEntry entry, TrustedRoot? root)
    {
        FailureCode? Failure()
        {
            if (!IsNamed(name, entry)) return FailureCode.SweepAnswerMalformed;
            if (root?.LogOf(entry.LogId) is not { } log) return FailureCode.LogUnknown;
            if (LogEntryChecks.Checkpoint(entry, log, out var checkpoint) is { } unsigned) return unsigned;
            return LogEntryChecks.Inclusion(entry, checkpoint!) ?? LogEntryChecks.SignedEntryTimestamp(entry, log);
        }

        return new FoundEntry(name, entry.LogId, entry.LogIndex, entry.CanonicalizedBody, Failure());
    }

    /// <summary>Whether the id is that entry's: it ends in the leaf's hash.</summary>
    public static bool IsNamed(string name, LogEntry entry) =>
        name.EndsWith(MerkleHash.Leaf(entry.CanonicalizedBody).ToHex(), StringComparison.Ordinal);

    /// <summary>An entry of Rekor v2: that the log holds it follows from the scan of the whole log.</summary>
    public static FoundEntry OfVersion2(Digest logId, long index, byte[] body) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{logId.ToHex()}:{index}"), logId, index, body, null);
}

/// <summary>What a key has signed in an entry.</summary>
/// <param name="Hint">The key's.</param>
/// <param name="Digest">The digest; null when it is no digest, but an envelope.</param>
internal sealed record SignedContent(string Hint, Digest? Digest);
