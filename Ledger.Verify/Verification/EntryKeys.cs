using System.Security.Cryptography;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>Which key of a log may have signed an entry, and whether it did.</summary>
internal static class EntryKeys
{
    /// <summary>Null when the key of that id is this log's at that seq and has signed the statement.</summary>
    public static FailureCode? Verify(TrustLog log, long seq, string keyId, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature)
    {
        if (Find(log, seq, keyId, out var failure) is not { } key) return failure;
        var signed = Ed25519.Verify(key.PublicKey, Dsse.Pae(Dsse.InTotoPayloadType, statement), signature);
        return signed ? null : FailureCode.StatementSignatureInvalid;
    }

    /// <summary>
    /// The key of that id that is valid at that seq. The id is recomputed from the key's bytes each time: a trust file built in memory
    /// has not passed the reader's check.
    /// </summary>
    public static TrustedEntryKey? Find(TrustLog log, long seq, string keyId, out FailureCode failure)
    {
        failure = FailureCode.EntryKeyUnknown;
        foreach (var key in log.EntryKeys)
        {
            if (key.KeyId != keyId) continue;
            if (SshFingerprint.OfEd25519(key.PublicKey) != keyId) failure = FailureCode.EntryKeyIdMismatch;
            else if (!key.Covers(seq)) failure = FailureCode.EntryKeyOutOfRange;
            else return key;
        }

        return null;
    }

    /// <summary>Like <see cref="Find"/>, and the key's bytes must be these too.</summary>
    public static FailureCode? CheckPublicKey(TrustLog log, long seq, string keyId, ReadOnlySpan<byte> publicKey)
    {
        if (Find(log, seq, keyId, out var failure) is not { } key) return failure;
        return CryptographicOperations.FixedTimeEquals(key.PublicKey, publicKey) ? null : FailureCode.EntryKeyIdMismatch;
    }
}
