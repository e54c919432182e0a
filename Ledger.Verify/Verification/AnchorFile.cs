namespace Ledger.Verify.Verification;

/// <summary>What the name of an anchor's file in an export says.</summary>
/// <param name="Path">Such as <c>anchors/600.&lt;log id hex&gt;.7.sigstore.json</c>.</param>
/// <param name="Position">A checkpoint's size, or an entry's seq.</param>
/// <param name="LogId">The transparency log.</param>
/// <param name="Index">The entry's index there: the global one on v1.</param>
internal sealed record AnchorFile(string Path, long Position, Digest LogId, long Index);
