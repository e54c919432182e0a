namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>A type of transit key: what Vault says of it. Those that sign here are Ed25519 and the NIST curves.</summary>
/// <param name="Name">As in the API.</param>
/// <param name="Shown">As in each version's <c>name</c>; null for symmetric keys, whose versions are bare times.</param>
/// <param name="Signs">Signing and verifying.</param>
/// <param name="Encrypts">Encryption and decryption in the real server; here only said, never done.</param>
/// <param name="Derives">Key derivation in the real server; here refused.</param>
internal sealed record KeyType(string Name, string? Shown, bool Signs, bool Encrypts, bool Derives)
{
    public const string Default = "aes256-gcm96";

    private static readonly Dictionary<string, KeyType> Known = new KeyType[]
    {
        new("ed25519", "ed25519", Signs: true, Encrypts: false, Derives: true),
        new("ecdsa-p256", "P-256", Signs: true, Encrypts: false, Derives: false),
        new("ecdsa-p384", "P-384", Signs: true, Encrypts: false, Derives: false),
        new("ecdsa-p521", "P-521", Signs: true, Encrypts: false, Derives: false),
        new("aes128-gcm96", null, Signs: false, Encrypts: true, Derives: true),
        new("aes256-gcm96", null, Signs: false, Encrypts: true, Derives: true),
        new("chacha20-poly1305", null, Signs: false, Encrypts: true, Derives: true),
    }.ToDictionary(t => t.Name, StringComparer.Ordinal);

    public static KeyType? Find(string name) => Known.GetValueOrDefault(name);
}
