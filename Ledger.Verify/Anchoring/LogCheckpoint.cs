namespace Ledger.Verify.Anchoring;

/// <summary>The checkpoint of a transparency log; unlike the ledger's own it may have extension lines, which are ignored.</summary>
/// <param name="Origin">The first line; v1: <c>host - treeid</c>, v2: the host.</param>
/// <param name="Size">Leaves in the tree.</param>
/// <param name="Root">Root hash of the tree.</param>
public sealed record LogCheckpoint(string Origin, long Size, Digest Root)
{
    /// <summary>Null when this log has signed the note: ECDSA P-256 (v1) or Ed25519 (v2), key hint = first 4 bytes of the log id.</summary>
    /// <param name="note">The whole signed note.</param>
    /// <param name="log">Whose signature counts.</param>
    /// <param name="checkpoint">What the log has signed; null on a failure.</param>
    public static FailureCode? Verify(string note, TrustedLog log, out LogCheckpoint? checkpoint) => throw new NotImplementedException();
}
