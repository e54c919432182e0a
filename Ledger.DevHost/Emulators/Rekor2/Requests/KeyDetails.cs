using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Rekor2.Requests;

/// <summary>A value of Sigstore's enum PublicKeyDetails: key type and hash in one name.</summary>
/// <param name="Hash">As the canonical body spells it; null: the log does not take it.</param>
internal sealed record KeyDetails(int Number, string Name, string? Hash = null, KeyKind Kind = default)
{
    private static readonly KeyDetails[] All =
    [
        new(0, "PUBLIC_KEY_DETAILS_UNSPECIFIED"),
        new(1, "PKCS1_RSA_PKCS1V5"),
        new(2, "PKCS1_RSA_PSS"),
        new(3, "PKIX_RSA_PKCS1V5"),
        new(4, "PKIX_RSA_PSS"),
        new(5, "PKIX_ECDSA_P256_SHA_256", "SHA2_256", KeyKind.EcdsaP256),
        new(6, "PKIX_ECDSA_P256_HMAC_SHA_256"),
        new(7, "PKIX_ED25519"),
        new(8, "PKIX_ED25519_PH", "SHA2_512", KeyKind.Ed25519),
        new(9, "PKIX_RSA_PKCS1V15_2048_SHA256", "SHA2_256", KeyKind.Rsa),
        new(10, "PKIX_RSA_PKCS1V15_3072_SHA256", "SHA2_256", KeyKind.Rsa),
        new(11, "PKIX_RSA_PKCS1V15_4096_SHA256", "SHA2_256", KeyKind.Rsa),
        new(12, "PKIX_ECDSA_P384_SHA_384", "SHA2_384", KeyKind.EcdsaP384),
        new(13, "PKIX_ECDSA_P521_SHA_512", "SHA2_512", KeyKind.EcdsaP521),
        new(14, "LMS_SHA256"),
        new(15, "LMOTS_SHA256"),
        new(16, "PKIX_RSA_PSS_2048_SHA256", "SHA2_256", KeyKind.Rsa), // verified as PKCS #1 v1.5 all the same
        new(17, "PKIX_RSA_PSS_3072_SHA256", "SHA2_256", KeyKind.Rsa),
        new(18, "PKIX_RSA_PSS_4096_SHA256", "SHA2_256", KeyKind.Rsa),
        new(19, "PKIX_ECDSA_P384_SHA_256"),
        new(20, "PKIX_ECDSA_P521_SHA_256"),
        new(21, "ML_DSA_65"),
        new(22, "ML_DSA_87"),
        new(23, "ML_DSA_44"),
    ];

    /// <summary>The log's server panics over such a key, and says so with a 500.</summary>
    public bool PanicsOver(SubjectKey key) => Name == "PKIX_ED25519" && key.Kind == KeyKind.Ed25519;

    /// <summary>Of an RSA key only that it is of a size that is taken: which one the name says, nobody compares.</summary>
    public bool Fits(SubjectKey key) => Hash is not null && key.Kind == Kind && (Kind != KeyKind.Rsa || key.Bits is 2048 or 3072 or 4096);

    public HashAlgorithmName HashName => Hash switch
    {
        "SHA2_384" => HashAlgorithmName.SHA384,
        "SHA2_512" => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    public int DigestBytes => Hash switch
    {
        "SHA2_384" => 48,
        "SHA2_512" => 64,
        _ => 32,
    };

    public static KeyDetails? Named(string name) => All.FirstOrDefault(d => d.Name == name);

    public static KeyDetails? Numbered(int number) => All.FirstOrDefault(d => d.Number == number);
}
