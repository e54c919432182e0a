using System.Buffers.Text;
using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Random identifiers in the forms Keycloak gives them.</summary>
internal static class NewId
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>A random UUID (RFC 9562, version 4).</summary>
    public static string Uuid()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>24 characters of base64url: a session.</summary>
    public static string Session() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18));

    /// <summary>32 letters and digits: a client's secret.</summary>
    public static string Secret() => RandomNumberGenerator.GetString(Letters, 32);
}
