using Ledger.Core.Problems;
using Ledger.Verify;

namespace Ledger.Core.Entries;

/// <summary>A fact to append, checked. The payload is already only its hash.</summary>
/// <param name="Meta">RFC 8785 bytes of a JSON object.</param>
public sealed record AppendItem(string Subject, Digest PayloadHash, byte[] Meta);

/// <summary>One item of a batch: what was asked for, or why it is refused. Exactly one of the two.</summary>
public sealed record AppendBodyItem(AppendItem? Item, LedgerProblem? Problem);

/// <summary>One result of a batch, in the order of its items. Exactly one of the two.</summary>
public sealed record AppendResult(StoredEntry? Entry, LedgerProblem? Problem);
