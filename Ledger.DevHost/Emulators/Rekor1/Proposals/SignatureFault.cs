using System.Formats.Asn1;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>What is said of a signature that does not verify.</summary>
internal static class SignatureFault
{
    /// <summary>Null: it verifies.</summary>
    public static string? Of(SubjectKey key, Func<SubjectKey, bool> verifies, byte[] signature)
    {
        if (verifies(key))
            return null;
        return key.Kind switch
        {
            KeyKind.Rsa => "crypto/rsa: verification error",
            KeyKind.Ed25519 when signature.Length != 64 =>
                $"failed to verify signature: ed25519: bad signature length: {signature.Length}",
            KeyKind.Ed25519 => "failed to verify signature: ed25519: invalid signature",
            _ when IsDer(signature) => "invalid signature when validating ASN.1 encoded signature",
            _ when signature.Length % 2 != 0 || signature.Length > 132 => "ecdsa: Invalid IEEE_P1363 encoded bytes",
            _ => "invalid signature when validating IEEE_P1363 encoded signature",
        };
    }

    private static bool IsDer(byte[] signature)
    {
        try
        {
            var sequence = new AsnReader(signature, AsnEncodingRules.DER).ReadSequence();
            sequence.ReadInteger();
            sequence.ReadInteger();
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }
}
