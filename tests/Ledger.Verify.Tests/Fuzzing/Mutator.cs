using System.Text;

namespace Ledger.Verify.Tests.Fuzzing;

/// <summary>
/// Breaks valid inputs in the ways that break parsers. The same seed gives the same run, so a failure is repeated by running it again.
/// </summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Tokens =
    [
        .. new[]
        {
            "\0", "\n", "\n\n", "\r\n", " ", "\u00a0", "\ufeff", "\u007f", "\"", "\\", "\\u0000", "\\ud800", "{", "}", "[", "]",
            ",", ":", "null", "-0", "01", "1e400", "9007199254740993", "=", "==", "+", "/", ".p/", "x", "\u2014 ",
        }.Select(Encoding.UTF8.GetBytes),

        // Not UTF-8: no such byte, two bytes for one, half of a surrogate pair; and the largest length of an entry.
        [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xff, 0xff],
    ];

    private readonly Random _random = new(seed);

    public byte[] Mutate(byte[] valid, byte[][] others)
    {
        var bytes = valid.ToList();
        for (var times = 1 + _random.Next(3); times > 0; times--) Once(bytes, others);
        return [.. bytes];
    }

    private void Once(List<byte> bytes, byte[][] others)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(_random.Next(1, 9), bytes.Count - at);
        switch (_random.Next(7))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(_random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                bytes.InsertRange(at, Tokens[_random.Next(Tokens.Length)]);
                break;
            case 5:
                var other = others[_random.Next(others.Length)];
                var start = _random.Next(other.Length + 1);
                bytes.InsertRange(at, other[start..Math.Min(other.Length, start + _random.Next(64))]);
                break;
            default:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
        }
    }
}
