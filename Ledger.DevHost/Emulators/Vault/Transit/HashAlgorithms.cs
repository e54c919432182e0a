using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>Values of <c>hash_algorithm</c>.</summary>
internal static class HashAlgorithms
{
    public const string Default = "sha2-256";
    public const string None = "none";

    private static readonly HashSet<string> Known =
        ["sha1", "sha2-224", "sha2-256", "sha2-384", "sha2-512", "sha3-224", "sha3-256", "sha3-384", "sha3-512", None];

    public static bool IsKnown(string name) => Known.Contains(name);

    public static byte[] Digest(string name, ReadOnlySpan<byte> message) => name switch
    {
        "sha1" => Sha1(message),
        Default => SHA256.HashData(message),
        "sha2-384" => SHA384.HashData(message),
        "sha2-512" => SHA512.HashData(message),
        "sha3-256" => SHA3_256.HashData(message),
        "sha3-384" => SHA3_384.HashData(message),
        "sha3-512" => SHA3_512.HashData(message),
        "sha2-224" => LibCrypto.Digest("SHA2-224", 28, message),
        "sha3-224" => LibCrypto.Digest("SHA3-224", 28, message),
        _ => throw new ArgumentException($"no digest {name}", nameof(name)),
    };

#pragma warning disable CA5350 // Vault offers SHA-1, so its emulator does.
    private static byte[] Sha1(ReadOnlySpan<byte> message) => SHA1.HashData(message);
#pragma warning restore CA5350
}
