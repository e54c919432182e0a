using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>Ids of versions: UUIDs. <code>a6086bc6-ac5c-4abc-a07a-0eef62ba0e2e</code></summary>
internal static class VersionId
{
    /// <summary>A random one (RFC 9562, version 4).</summary>
    public static string New()
    {
        var bytes = RandomNumberGenerator.GetBytes(16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    public static bool IsOne(string text) => text == ObjectVersion.NullId || Guid.TryParseExact(text, "D", out _);
}
