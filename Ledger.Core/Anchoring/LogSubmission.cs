using Ledger.Verify;

namespace Ledger.Core.Anchoring;

/// <summary>What is to be logged. The bytes are frozen before the first attempt, so that a repetition is the same entry.</summary>
/// <param name="Kind">Dsse is for v1 alone: v2 takes the digest of the envelope's PAE as a HashedRekord.</param>
/// <param name="Digest">SHA-256 of what was signed: a checkpoint body, a payload, or a PAE.</param>
/// <param name="Signature">ECDSA P-256 over the digest, DER; of a Dsse, what the envelope has.</param>
/// <param name="Spki">The signer's DER SubjectPublicKeyInfo.</param>
/// <param name="Envelope">Of a Dsse, the exact bytes.</param>
public sealed record LogSubmission(LogSubmissionKind Kind, Digest Digest, byte[] Signature, byte[] Spki, byte[]? Envelope = null);

public enum LogSubmissionKind
{
    HashedRekord,
    Dsse,
}
