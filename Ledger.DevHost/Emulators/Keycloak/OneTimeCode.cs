using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Time-based one-time codes (RFC 6238).</summary>
internal static class OneTimeCode
{
    /// <summary>Whether the code is that of now or of one period before or after, as Keycloak's look-around of 1 has it.</summary>
    public static bool Matches(OtpCredential credential, string code, DateTimeOffset now)
        => Enumerable.Range(-1, 3).Any(step => Of(credential, now.AddSeconds(step * credential.Period)) == code);

    /// <summary>The code at this time.</summary>
    public static string Of(OtpCredential credential, DateTimeOffset now)
    {
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, now.ToUnixTimeSeconds() / credential.Period);
        var hash = credential.Algorithm switch
        {
            "HmacSHA256" => HMACSHA256.HashData(credential.Secret, counter),
            "HmacSHA512" => HMACSHA512.HashData(credential.Secret, counter),
            _ => Sha1(credential.Secret, counter),
        };
        var start = hash[^1] & 0x0f;
        var number = BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(start, 4)) & 0x7fffffff;
        return (number % (uint)Math.Pow(10, credential.Digits)).ToString(CultureInfo.InvariantCulture).PadLeft(credential.Digits, '0');
    }

#pragma warning disable CA5350 // The algorithm of nearly all one-time code apps.
    private static byte[] Sha1(byte[] key, byte[] data) => HMACSHA1.HashData(key, data);
#pragma warning restore CA5350
}
