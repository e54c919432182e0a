using System.Buffers.Binary;

namespace Ledger.DevHost.Emulators.S3.Checksums;

/// <summary>A reflected cyclic redundancy check that begins and ends inverted; its value is written big-endian.</summary>
/// <param name="table">Of <see cref="Table"/>.</param>
/// <param name="size">4 or 8 bytes.</param>
internal sealed class Crc(ulong[] table, int size) : IRunningChecksum
{
    /// <summary>CRC-32 (ISO-HDLC), as in zip.</summary>
    public static readonly ulong[] Crc32 = Table(0xEDB88320);

    /// <summary>CRC-32C (Castagnoli, RFC 3720).</summary>
    public static readonly ulong[] Crc32C = Table(0x82F63B78);

    /// <summary>CRC-64/NVME (NVM Express command set, 5.2.1.3.4).</summary>
    public static readonly ulong[] Crc64Nvme = Table(0x9A6C9329AC4BC9B5);

    private ulong value = size == 4 ? uint.MaxValue : ulong.MaxValue;

    public void Append(ReadOnlySpan<byte> data)
    {
        var now = value;
        foreach (var b in data)
            now = table[(byte)(now ^ b)] ^ (now >> 8);
        value = now;
    }

    public byte[] Finish()
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, ~value);
        return bytes[^size..];
    }

    private static ulong[] Table(ulong reflectedPolynomial)
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var value = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
                value = (value & 1) != 0 ? (value >> 1) ^ reflectedPolynomial : value >> 1;
            table[i] = value;
        }
        return table;
    }
}
