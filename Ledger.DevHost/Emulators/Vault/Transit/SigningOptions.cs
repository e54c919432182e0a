using System.Collections.Frozen;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>What sign and verify share: the fields, and what of them a key refuses.</summary>
internal sealed record SigningOptions(string Hash, bool Jws, bool Prehashed, bool HasSignatureContext)
{
    public static FrozenDictionary<string, FieldType> Sign { get; } = Shared().ToFrozenDictionary();

    public static FrozenDictionary<string, FieldType> Verify { get; } = Shared(
        ("signature", FieldType.Text),
        ("hmac", FieldType.Text),
        ("cmac", FieldType.Text),
        ("mac_length", FieldType.Integer)).ToFrozenDictionary();

    /// <summary>The options, or the refusal of a value that no key takes.</summary>
    public static SigningOptions? Of(Fields fields, string? hashInPath, out Answer? refusal)
    {
        refusal = null;
        var hash = hashInPath ?? (fields.Text("hash_algorithm") is { Length: > 0 } named ? named : HashAlgorithms.Default);
        var marshaling = fields.Text("marshaling_algorithm") is { Length: > 0 } asked ? asked : "asn1";
        var salt = fields.Text("salt_length");
        if (!HashAlgorithms.IsKnown(hash))
            refusal = Answer.BadRequest($"invalid hash algorithm \"{hash}\"");
        else if (marshaling is not ("asn1" or "jws"))
            refusal = Answer.BadRequest($"invalid marshaling type \"{marshaling}\"");
        else if (salt is not ("" or "auto" or "hash") && !GoNumber.TryInteger(salt, out _))
            refusal = Answer.BadRequest($"salt length neither 'auto', 'hash', nor an int: {salt}");
        return refusal is not null
            ? null
            : new SigningOptions(hash, marshaling == "jws", fields.Flag("prehashed"), fields.Text("signature_context").Length > 0);
    }

    /// <summary>hash_algorithm=none is for RSA alone, which is not emulated.</summary>
    public Answer? RefuseNone(Fields fields)
        => Hash == HashAlgorithms.None && !(Prehashed && fields.Text("signature_algorithm") == "pkcs1v15")
            ? Answer.BadRequest("hash_algorithm=none requires both prehashed=true and signature_algorithm=pkcs1v15")
            : null;

    /// <summary>What an Ed25519 key refuses; each item of a batch says it.</summary>
    public string? RefuseFor(KeyType type)
    {
        if (type.Name != "ed25519")
            return null;
        if (Prehashed)
            return "only Pure Ed25519 signatures supported, prehashed must be false";
        if (Hash == "sha2-512")
            return "only Pure Ed25519 signatures supported, hash_alogithm should not be set";
        return HasSignatureContext ? "only Pure Ed25519 signatures supported, signature_context must be empty" : null;
    }

    /// <summary>What the key's material gets: Ed25519 the message, ECDSA its digest.</summary>
    public byte[] InputOf(KeyType type, byte[] input)
        => type.Name == "ed25519" || Prehashed || Hash == HashAlgorithms.None ? input : HashAlgorithms.Digest(Hash, input);

    private static Dictionary<string, FieldType> Shared(params (string Name, FieldType Type)[] more)
    {
        var fields = new Dictionary<string, FieldType>
        {
            ["name"] = FieldType.Text,
            ["urlalgorithm"] = FieldType.Text,
            ["input"] = FieldType.Text,
            ["context"] = FieldType.Text,
            ["hash_algorithm"] = FieldType.Text,
            ["algorithm"] = FieldType.Text,
            ["key_version"] = FieldType.Integer,
            ["prehashed"] = FieldType.Flag,
            ["signature_algorithm"] = FieldType.Text,
            ["marshaling_algorithm"] = FieldType.Text,
            ["salt_length"] = FieldType.Text,
            ["signature_context"] = FieldType.Text,
            ["batch_input"] = FieldType.Any,
        };
        foreach (var (name, type) in more)
            fields[name] = type;
        return fields;
    }
}
