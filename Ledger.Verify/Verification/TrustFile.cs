using System.Diagnostics.CodeAnalysis;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Checkpoints;

namespace Ledger.Verify.Verification;

/// <summary>A checkpoint key and the tree sizes it may sign, both ends inclusive.</summary>
public sealed record TrustedCheckpointKey(VerifierKey Key, long FromSize, long? ToSize = null)
{
    /// <summary>Whether the key may sign a checkpoint of that size.</summary>
    public bool Covers(long size) => size >= FromSize && (ToSize is not { } to || size <= to);
}

/// <summary>An entry key and the seqs it may sign, both ends inclusive.</summary>
/// <param name="KeyId">The key's SSH fingerprint; the reader has recomputed it from <paramref name="PublicKey"/>.</param>
/// <param name="PublicKey">32 raw bytes of Ed25519.</param>
/// <param name="FromSeq">First seq.</param>
/// <param name="ToSeq">Last seq; null while the key is in use.</param>
public sealed record TrustedEntryKey(string KeyId, byte[] PublicKey, long FromSeq, long? ToSeq = null)
{
    /// <summary>Whether the key may sign the entry at that seq.</summary>
    public bool Covers(long seq) => seq >= FromSeq && (ToSeq is not { } to || seq <= to);
}

/// <summary>What is believed about one log, that is one epoch of one tenant.</summary>
/// <param name="Tenant">Whose log it is: statements in it must name this tenant.</param>
/// <param name="Origin">The name in its checkpoints and leaves; unique in a trust file.</param>
/// <param name="CheckpointKeys">Keys that may sign its checkpoints.</param>
/// <param name="EntryKeys">Keys that may sign its entries.</param>
/// <param name="AnchorKeys">PEM of ECDSA P-256 keys whose signatures over checkpoint bodies are anchors.</param>
/// <param name="PayloadKeys">PEM of ECDSA P-256 keys of payload anchors; null, never empty.</param>
public sealed record TrustLog(
    string Tenant,
    string Origin,
    IReadOnlyList<TrustedCheckpointKey> CheckpointKeys,
    IReadOnlyList<TrustedEntryKey> EntryKeys,
    IReadOnlyList<string> AnchorKeys,
    IReadOnlyList<string>? PayloadKeys = null);

/// <summary>
/// trust.json: the keys a verifier believes, and what it asks for. The operator publishes one as a claim
/// (<c>GET /log/{tenant}/keys</c>); it is trusted only once somebody has pinned it and passes it by <c>--trust</c>.
/// </summary>
/// <param name="Logs">The logs, each with an origin of its own.</param>
/// <param name="Policy">The verifier's own policy.</param>
/// <param name="TrustedRoot">The transparency logs and timestamp authorities to believe; null believes none.</param>
public sealed record TrustFile(IReadOnlyList<TrustLog> Logs, TrustPolicy Policy, TrustedRoot? TrustedRoot = null)
{
    /// <summary>The log of that origin, or null when the file does not name it.</summary>
    public TrustLog? LogOf(string origin) => Logs.FirstOrDefault(log => log.Origin == origin);

    /// <summary>The file in RFC 8785 form, without a final LF.</summary>
    public byte[] ToBytes() => TrustFileJson.Write(this);

    /// <summary>
    /// Reads a trust file. White space and member order are free, everything else is strict: unknown members, an entry key whose
    /// <c>key_id</c> is not its fingerprint, a vkey of another name than the origin and a PEM that is not P-256 are refused.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> file, [NotNullWhen(true)] out TrustFile? trust, out FailureCode failure) =>
        TrustFileJson.TryRead(file, out trust, out failure);
}
