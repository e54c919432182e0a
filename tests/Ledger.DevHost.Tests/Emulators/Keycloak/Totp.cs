using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>What an authenticator shows (RFC 6238: SHA-1, 30 s, 6 digits), written without the emulator's own.</summary>
internal static class Totp
{
    public static string Of(string key, DateTimeOffset at)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, at.ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The algorithm of nearly all such apps.
        var hash = HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), counter);
#pragma warning restore CA5350
        var number = (BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[19] & 15)) & int.MaxValue) % 1_000_000;
        return number.ToString("D6", CultureInfo.InvariantCulture);
    }
}
