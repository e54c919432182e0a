using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.DevHost.Emulators.Keycloak.Keys;

/// <summary>The HMAC key of a realm's refresh tokens; it never leaves the realm and is in no JWKS.</summary>
internal sealed class RealmSecret
{
    private readonly Stored stored;

    private RealmSecret(Stored stored) => this.stored = stored;

    /// <summary>A UUID.</summary>
    public string Kid => stored.Kid;

    /// <summary>UUID of the component that provides it.</summary>
    public string ProviderId => stored.ProviderId;

    /// <summary>The secret of this file, made when it is not there.</summary>
    public static RealmSecret Open(string file)
    {
        var stored = StateFile.Read<Stored>(file);
        if (stored is null)
        {
            stored = new Stored(NewId.Uuid(), RandomNumberGenerator.GetBytes(128), NewId.Uuid());
            StateFile.Write(file, stored);
        }
        return new RealmSecret(stored);
    }

    /// <summary>A JWS in compact form, HS512.</summary>
    public string Sign(byte[] claims)
    {
        var header = $"{{\"alg\":\"HS512\",\"typ\" : \"JWT\",\"kid\" : \"{Kid}\"}}";
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA512.HashData(stored.Key, Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>Whether this key made the signature.</summary>
    public bool Verify(byte[] signed, byte[] signature)
        => CryptographicOperations.FixedTimeEquals(HMACSHA512.HashData(stored.Key, signed), signature);

    private sealed record Stored(string Kid, byte[] Key, string ProviderId);
}
