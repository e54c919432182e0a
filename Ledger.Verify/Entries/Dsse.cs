using System.Buffers.Text;
using System.Text;

namespace Ledger.Verify.Entries;

/// <summary>
/// DSSE's pre-authentication encoding: what a signature really covers. https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
/// </summary>
// Example: DSSEv1 29 http://example.com/HelloWorld 11 hello world
public static class Dsse
{
    public const string InTotoPayloadType = "application/vnd.in-toto+json";

    /// <summary><c>DSSEv1 ‖ SP ‖ LEN(type) ‖ SP ‖ type ‖ SP ‖ LEN(body) ‖ SP ‖ body</c>, lengths in bytes, ASCII decimal.</summary>
    public static byte[] Pae(string type, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(type);
        var typeLength = Encoding.UTF8.GetByteCount(type);
        var start = "DSSEv1 "u8;
        var pae = new byte[start.Length + Digits(typeLength) + 1 + typeLength + 1 + Digits(body.Length) + 1 + body.Length];
        start.CopyTo(pae);
        var at = start.Length;
        at += Number(pae.AsSpan(at), typeLength);
        at += Encoding.UTF8.GetBytes(type, pae.AsSpan(at));
        pae[at++] = (byte)' ';
        at += Number(pae.AsSpan(at), body.Length);
        body.CopyTo(pae.AsSpan(at));
        return pae;
    }

    private static int Digits(int value)
    {
        var digits = 1;
        for (; value >= 10; value /= 10) digits++;
        return digits;
    }

    private static int Number(Span<byte> output, int value)
    {
        Utf8Formatter.TryFormat(value, output, out var written);
        output[written] = (byte)' ';
        return written + 1;
    }
}
