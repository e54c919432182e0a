namespace Ledger.Core.Entries;

/// <summary>An entry as its tenant reads it: the row, what lies beside it, and the first transparency-log record that covers it.</summary>
/// <param name="Meta">RFC 8785 bytes; null once erased.</param>
/// <param name="Salt">The 32 bytes behind the meta commitment; null once erased.</param>
/// <param name="RekorLogId">The Rekor entry id; '' until anchored. Index 0 is a real index.</param>
public sealed record EntryView(
    StoredEntry Entry, string Origin, byte[]? Meta, byte[]? Salt, string RekorLogId, long RekorIndex, DateTimeOffset? AnchoredAt);

/// <summary>What GET /entries asks for. Null members do not filter.</summary>
/// <param name="From">Created at or after.</param>
/// <param name="To">Created before.</param>
/// <param name="Anchored">Whether a submitted checkpoint covers it.</param>
public sealed record EntryFilter(
    string? Subject = null, Ledger.Verify.Digest? PayloadHash = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null, bool? Anchored = null);

/// <summary>One page, newest first.</summary>
public sealed record EntryPage(IReadOnlyList<EntryView> Items, string? NextCursor);
