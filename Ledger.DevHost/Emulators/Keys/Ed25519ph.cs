using System.Numerics;
using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.Keys;

/// <summary>
/// Verifies Ed25519ph (RFC 8032, 5.1, SHA-512, empty context) by the formulas of the RFC, written plainly: OpenSSL has it from 3.2 only.
/// A few milliseconds each, for public values only: nothing here is secret or constant in time.
/// </summary>
internal static class Ed25519ph
{
    private static readonly byte[] Prefix = [.. "SigEd25519 no Ed25519 collisions"u8, 1, 0];
    private static readonly BigInteger P = BigInteger.Pow(2, 255) - 19;
    private static readonly BigInteger Order = BigInteger.Pow(2, 252) + BigInteger.Parse("27742317777372353535851937790883648493", null);
    private static readonly BigInteger D = Mod(-121665 * Inverse(121666));
    private static readonly BigInteger RootOfMinusOne = BigInteger.ModPow(2, (P - 1) / 4, P);
    private static readonly Point Base = Decode(BaseBytes())!.Value;

    /// <param name="publicKey">32 bytes.</param>
    /// <param name="digest">SHA-512 of the message.</param>
    /// <param name="signature">64 bytes: R, S.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64 || Decode(publicKey) is not { } a || Decode(signature[..32]) is not { } r)
            return false;
        var s = Number(signature[32..]);
        if (s >= Order)
            return false;
        var k = Number(SHA512.HashData([.. Prefix, .. signature[..32], .. publicKey, .. digest])) % Order;
        return Same(Multiply(Base, s), Add(r, Multiply(a, k)));
    }

    private static byte[] BaseBytes()
    {
        var bytes = new byte[32];
        bytes.AsSpan().Fill(0x66); // y = 4/5, x even
        bytes[0] = 0x58;
        return bytes;
    }

    private static Point? Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 32)
            return null;
        var y = Number(bytes);
        var odd = y >> 255 == 1;
        y &= (BigInteger.One << 255) - 1;
        var square = Mod((y * y - 1) * Inverse(D * y * y + 1));
        var x = BigInteger.ModPow(square, (P + 3) / 8, P);
        if (Mod(x * x) != square)
            x = Mod(x * RootOfMinusOne);
        if (y >= P || Mod(x * x) != square || (x.IsZero && odd))
            return null;
        x = x.IsEven == odd ? P - x : x;
        return new Point(x, y, 1, Mod(x * y));
    }

    // Extended coordinates, RFC 8032 5.1.4: one inversion at the end, here none at all.
    private static Point Add(Point p, Point q)
    {
        var (a, b) = (Mod((p.Y - p.X) * (q.Y - q.X)), Mod((p.Y + p.X) * (q.Y + q.X)));
        var (c, d) = (Mod(p.T * 2 * D * q.T), Mod(p.Z * 2 * q.Z));
        var (e, f, g, h) = (b - a, d - c, d + c, b + a);
        return new Point(Mod(e * f), Mod(g * h), Mod(f * g), Mod(e * h));
    }

    private static Point Multiply(Point point, BigInteger times)
    {
        var sum = new Point(0, 1, 1, 0);
        for (; times > 0; times >>= 1, point = Add(point, point))
        {
            if (!times.IsEven)
                sum = Add(sum, point);
        }
        return sum;
    }

    private static bool Same(Point p, Point q) => Mod(p.X * q.Z - q.X * p.Z).IsZero && Mod(p.Y * q.Z - q.Y * p.Z).IsZero;

    private static BigInteger Number(ReadOnlySpan<byte> littleEndian) => new(littleEndian, isUnsigned: true);

    private static BigInteger Inverse(BigInteger value) => BigInteger.ModPow(Mod(value), P - 2, P);

    private static BigInteger Mod(BigInteger value)
    {
        var rest = value % P;
        return rest.Sign < 0 ? rest + P : rest;
    }

    private readonly record struct Point(BigInteger X, BigInteger Y, BigInteger Z, BigInteger T);
}
