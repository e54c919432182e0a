using System.Runtime.Intrinsics;
using System.Security.Cryptography;

namespace Ledger.Verify;

/// <summary>32 bytes of SHA-256: a value, compared by its bytes, shown as 64 lower-case hex digits.</summary>
public readonly struct Digest : IEquatable<Digest>
{
    /// <summary>Length in bytes.</summary>
    public const int Size = 32;

    // One register wide: digests are compared and copied far more often than their bytes are looked at.
    private readonly Vector256<byte> _bytes;

    /// <param name="exactly32">The digest's bytes.</param>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public Digest(ReadOnlySpan<byte> exactly32)
    {
        if (exactly32.Length != Size) throw new ArgumentException($"A digest is {Size} bytes, not {exactly32.Length}.", nameof(exactly32));
        _bytes = Vector256.Create(exactly32);
    }

    /// <summary>32 zero bytes: the <c>prev</c> of a log's first entry.</summary>
    public static Digest Zero => default;

    /// <summary>SHA-256 of <paramref name="data"/>.</summary>
    public static Digest Sha256(ReadOnlySpan<byte> data)
    {
        Span<byte> hash = stackalloc byte[Size];
        SHA256.HashData(data, hash);
        return new Digest(hash);
    }

    /// <summary>Exactly 64 lower-case hex digits; upper case is refused, so that a digest has one spelling.</summary>
    public static bool TryParseHex(ReadOnlySpan<char> hex, out Digest digest)
    {
        digest = default;
        if (hex.Length != 2 * Size) return false;
        Span<byte> bytes = stackalloc byte[Size];
        for (var i = 0; i < Size; i++)
        {
            int high = Nibble(hex[2 * i]), low = Nibble(hex[2 * i + 1]);
            if ((high | low) < 0) return false;
            bytes[i] = (byte)(high << 4 | low);
        }

        digest = new Digest(bytes);
        return true;
    }

    /// <inheritdoc cref="TryParseHex"/>
    /// <exception cref="FormatException">Not 64 lower-case hex digits.</exception>
    public static Digest ParseHex(string hex)
    {
        ArgumentNullException.ThrowIfNull(hex);
        return TryParseHex(hex, out var digest) ? digest : throw new FormatException("A digest is exactly 64 lower-case hex digits.");
    }

    public string ToHex()
    {
        Span<byte> bytes = stackalloc byte[Size];
        _bytes.CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        _bytes.CopyTo(bytes);
        return bytes;
    }

    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination) => _bytes.CopyTo(destination);

    public bool Equals(Digest other) => _bytes == other._bytes;

    public override bool Equals(object? obj) => obj is Digest other && Equals(other);

    public override int GetHashCode() => _bytes.AsInt32().ToScalar();

    public override string ToString() => ToHex();

    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    private static int Nibble(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= 'a' and <= 'f' => c - 'a' + 10,
        _ => -1,
    };
}
