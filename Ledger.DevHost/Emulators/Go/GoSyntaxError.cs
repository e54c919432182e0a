using System.Text;

namespace Ledger.DevHost.Emulators.Go;

/// <summary>
/// Says what is wrong with a text that is no JSON in the words of Go's encoding/json, which servers pass on:
/// <c>{} x</c> is "invalid character 'x' after top-level value". What an unfinished text is called depends on the server.
/// </summary>
internal static class GoSyntaxError
{
    /// <param name="body">The text.</param>
    /// <param name="unclosed">What a text that ends too early is called.</param>
    public static string Of(ReadOnlySpan<byte> body, string unclosed)
    {
        var scanner = new Scanner(body, unclosed);
        var error = scanner.Value("looking for beginning of value");
        if (error is not null)
            return error;
        return scanner.Peek() is { } next ? Invalid(next, "after top-level value") : "invalid JSON";
    }

    private static string Invalid(char found, string where)
    {
        var shown = found switch
        {
            '\'' => "\\'",
            '"' => "\"",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            < ' ' => $"\\x{(int)found:x2}",
            _ => found.ToString(),
        };
        return $"invalid character '{shown}' {where}";
    }

    private ref struct Scanner(ReadOnlySpan<byte> body, string unclosed)
    {
        private readonly ReadOnlySpan<byte> body = body;
        private int at;

        public char? Peek()
        {
            while (at < body.Length && body[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
                at++;
            return at < body.Length ? Current() : null;
        }

        public string? Value(string expectation)
        {
            switch (Peek())
            {
                case null:
                    return unclosed;
                case '{':
                    return Members();
                case '[':
                    return Elements();
                case '"':
                    return Text();
                case 't':
                    return Word("true");
                case 'f':
                    return Word("false");
                case 'n':
                    return Word("null");
                case '-' or (>= '0' and <= '9'):
                    while (at < body.Length
                        && body[at] is (byte)'-' or (byte)'+' or (byte)'.' or (byte)'e' or (byte)'E' or (>= (byte)'0' and <= (byte)'9'))
                        at++;
                    return null;
                case { } other:
                    return Invalid(other, expectation);
            }
        }

        private string? Members()
        {
            at++;
            for (var first = true; ; first = false)
            {
                var next = Peek();
                if (next is null)
                    return unclosed;
                if (next == '}' && first)
                    break;
                if (next != '"')
                    return Invalid(next.Value, "looking for beginning of object key string");
                var error = Text();
                if (error is not null)
                    return error;
                if (Peek() is not { } colon)
                    return unclosed;
                if (colon != ':')
                    return Invalid(colon, "after object key");
                at++;
                error = Value("looking for beginning of value");
                if (error is not null)
                    return error;
                if (Peek() is not { } after)
                    return unclosed;
                if (after == '}')
                    break;
                if (after != ',')
                    return Invalid(after, "after object key:value pair");
                at++;
            }
            at++;
            return null;
        }

        private string? Elements()
        {
            at++;
            if (Peek() == ']')
            {
                at++;
                return null;
            }
            while (true)
            {
                var error = Value("looking for beginning of value");
                if (error is not null)
                    return error;
                if (Peek() is not { } after)
                    return unclosed;
                at++;
                if (after == ']')
                    return null;
                if (after != ',')
                    return Invalid(after, "after array element");
            }
        }

        private string? Text()
        {
            for (at++; at < body.Length; at++)
            {
                switch (body[at])
                {
                    case (byte)'"':
                        at++;
                        return null;
                    case < (byte)' ':
                        return Invalid((char)body[at], "in string literal");
                    case (byte)'\\':
                        at++;
                        if (at < body.Length && !"\"\\/bfnrtu".Contains((char)body[at], StringComparison.Ordinal))
                            return Invalid(Current(), "in string escape code");
                        break;
                }
            }
            return unclosed;
        }

        private string? Word(string word)
        {
            for (var i = 0; i < word.Length; i++, at++)
            {
                if (at == body.Length)
                    return unclosed;
                if (body[at] != word[i])
                    return Invalid(Current(), $"in literal {word} (expecting '{word[i]}')");
            }
            return null;
        }

        private readonly char Current()
            => Rune.DecodeFromUtf8(body[at..], out var rune, out _) == System.Buffers.OperationStatus.Done && rune.IsBmp
            ? (char)rune.Value
            : '\uFFFD';
    }
}
