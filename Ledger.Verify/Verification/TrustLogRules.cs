using System.Security.Cryptography;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>A log of a trust file as it was read: the JSON has the right shape, nothing more.</summary>
internal sealed record UncheckedLog(
    string Tenant,
    string Origin,
    IReadOnlyList<(string VKey, long FromSize, long? ToSize)> CheckpointKeys,
    IReadOnlyList<TrustedEntryKey> EntryKeys,
    IReadOnlyList<string> AnchorKeys,
    IReadOnlyList<string>? PayloadKeys)
{
    /// <summary>The log, once <see cref="TrustLogRules"/> has let it pass.</summary>
    public TrustLog Log => new(
        Tenant, Origin,
        [.. CheckpointKeys.Select(key => new TrustedCheckpointKey(ParseKey(key.VKey), key.FromSize, key.ToSize))],
        EntryKeys, AnchorKeys, PayloadKeys);

    private static VerifierKey ParseKey(string vkey) =>
        VerifierKey.TryParse(vkey, out var key) ? key : throw new InvalidOperationException("not checked");
}

/// <summary>
/// What a trusted log must be beyond its JSON shape. Everything here is a slip that would otherwise show as a puzzling failure of each
/// verification, or worse, as a key that is trusted under another's name.
/// </summary>
internal static class TrustLogRules
{
    // SubjectPublicKeyInfo of id-ecPublicKey on secp256r1 up to the uncompressed point's 64 bytes (RFC 5480).
    // Compared before the platform sees the key: for a curve it does not know it throws what no caller expects.
    private static readonly byte[] P256Prefix = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004");
    private const int P256Bytes = 91;

    public static bool Hold(UncheckedLog log, out FailureCode failure)
    {
        var found = Failure(log);
        failure = found ?? default;
        return found is null;
    }

    /// <summary>
    /// A writer chooses what a payload key signs: were it also an anchor key, of this log or another,
    /// a payload could pass for a checkpoint.
    /// </summary>
    public static bool KeepPurposesApart(IReadOnlyList<UncheckedLog> logs) =>
        !logs.SelectMany(log => log.AnchorKeys).Intersect(logs.SelectMany(log => log.PayloadKeys ?? [])).Any();

    private static FailureCode? Failure(UncheckedLog log)
    {
        if (!TenantId.IsValid(log.Tenant) || !NoteSignature.IsName(log.Origin)) return FailureCode.TrustMalformed;
        foreach (var (vkey, from, to) in log.CheckpointKeys)
        {
            if (!VerifierKey.TryParse(vkey, out var key) || key.Name != log.Origin) return FailureCode.TrustVerifierKeyInvalid;
            if (to < from) return FailureCode.TrustRangeInvalid;
        }

        foreach (var key in log.EntryKeys)
        {
            if (key.PublicKey.Length != Ed25519.PublicKeySize || SshFingerprint.OfEd25519(key.PublicKey) != key.KeyId)
                return FailureCode.TrustKeyIdMismatch;
            if (key.ToSeq < key.FromSeq) return FailureCode.TrustRangeInvalid;
        }

        if (log.PayloadKeys is []) return FailureCode.TrustMalformed;
        return log.AnchorKeys.Concat(log.PayloadKeys ?? []).All(IsP256) ? null : FailureCode.TrustPemInvalid;
    }

    /// <summary>Read and written again: a PEM has one spelling here, so that no byte of a trust file is without meaning.</summary>
    private static bool IsP256(string pem)
    {
        if (!Spki.TryReadPem(pem, out var der) || Spki.ToPem(der) != pem || der.Length != P256Bytes || !der.AsSpan().StartsWith(P256Prefix))
            return false;
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(der, out _);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
