namespace Ledger.Verify.Tests.Fuzzing;

/// <summary>Breaks valid inputs in the ways that break parsers. The same seed gives the same run, so a failure is repeated by running it again.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Tokens =
    [
        "\0"u8.ToArray(), "\n"u8.ToArray(), "\n\n"u8.ToArray(), "\r\n"u8.ToArray(), " "u8.ToArray(), "\""u8.ToArray(), "\\"u8.ToArray(), "\\u0000"u8.ToArray(),
        "\\ud800"u8.ToArray(), "{"u8.ToArray(), "}"u8.ToArray(), "["u8.ToArray(), "]"u8.ToArray(), ","u8.ToArray(), ":"u8.ToArray(), "null"u8.ToArray(),
        "-0"u8.ToArray(), "01"u8.ToArray(), "1e400"u8.ToArray(), "9007199254740993"u8.ToArray(), "="u8.ToArray(), "=="u8.ToArray(), "+"u8.ToArray(), "/"u8.ToArray(),
        ".p/"u8.ToArray(), "x"u8.ToArray(), "— "u8.ToArray(), [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xef, 0xbb, 0xbf], [0xc2, 0xa0], [0x7f], [0xff, 0xff],
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
