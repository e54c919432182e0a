using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>The keys that may sign one kind of anchor, by the hint that names them in a Sigstore bundle.</summary>
internal sealed class AnchorKeys
{
    private readonly Dictionary<string, byte[]> _keys = [];
    private readonly Dictionary<string, byte[]> _others = [];

    /// <param name="pems">Keys that may sign it.</param>
    /// <param name="others">Keys of the other purpose: a writer chooses what a payload key signs, so it is no anchor key.</param>
    public AnchorKeys(IReadOnlyList<string> pems, IReadOnlyList<string> others)
    {
        Add(_keys, pems);
        Add(_others, others);
    }

    /// <summary>Base64 of SHA-256 of the key's DER SubjectPublicKeyInfo: cosign's convention.</summary>
    public static string HintOf(ReadOnlySpan<byte> spki) => CanonicalBase64.Encode(Digest.Sha256(spki).ToArray());

    /// <summary>The hints of the keys that may sign.</summary>
    public IReadOnlyCollection<string> Hints => _keys.Keys;

    /// <summary>DER of the key of that hint, or null with the reason.</summary>
    public byte[]? Find(string? hint, out FailureCode? failure)
    {
        failure = null;
        if (hint is not null && _keys.TryGetValue(hint, out var key)) return key;
        failure = hint is not null && _others.ContainsKey(hint) ? FailureCode.AnchorKeyPurpose : FailureCode.AnchorKeyUnknown;
        return null;
    }

    private static void Add(Dictionary<string, byte[]> keys, IReadOnlyList<string> pems)
    {
        foreach (var pem in pems)
        {
            if (Spki.TryReadPem(pem, out var spki)) keys[HintOf(spki)] = spki;
        }
    }
}
