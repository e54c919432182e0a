namespace Ledger.Verify.Anchoring;

/// <summary>
/// The names of Sigstore's enumerations, each at its number; a protobuf's JSON may write either.
/// https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_common.proto
/// </summary>
internal static class ProtoEnums
{
    public const string Sha256 = "SHA2_256";
    public const string EcdsaP256 = "PKIX_ECDSA_P256_SHA_256";
    public const string Ed25519 = "PKIX_ED25519";
    public const string Ed25519Ph = "PKIX_ED25519_PH";

    public static readonly string[] HashAlgorithms =
        ["HASH_ALGORITHM_UNSPECIFIED", Sha256, "SHA2_384", "SHA2_512", "SHA3_256", "SHA3_384"];

    public static readonly string[] KeyDetails =
    [
        "PUBLIC_KEY_DETAILS_UNSPECIFIED", "PKCS1_RSA_PKCS1V5", "PKCS1_RSA_PSS", "PKIX_RSA_PKCS1V5", "PKIX_RSA_PSS",
        EcdsaP256, "PKIX_ECDSA_P256_HMAC_SHA_256", Ed25519, Ed25519Ph,
        "PKIX_RSA_PKCS1V15_2048_SHA256", "PKIX_RSA_PKCS1V15_3072_SHA256", "PKIX_RSA_PKCS1V15_4096_SHA256",
        "PKIX_ECDSA_P384_SHA_384", "PKIX_ECDSA_P521_SHA_512", "LMS_SHA256", "LMOTS_SHA256",
        "PKIX_RSA_PSS_2048_SHA256", "PKIX_RSA_PSS_3072_SHA256", "PKIX_RSA_PSS_4096_SHA256",
        "PKIX_ECDSA_P384_SHA_256", "PKIX_ECDSA_P521_SHA_256", "ML_DSA_65", "ML_DSA_87", "ML_DSA_44",
    ];
}
