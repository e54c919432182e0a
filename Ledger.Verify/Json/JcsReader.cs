using System.Text;

namespace Ledger.Verify.Json;

/// <summary>
/// Reads RFC 8259 grammar and writes the RFC 8785 form in the same pass; only objects whose names come unsorted are moved afterwards.
/// </summary>
internal ref struct JcsReader
{
    private readonly ReadOnlySpan<byte> _json;
    private readonly JsonLimits _limits;
    private JcsWriter _output;
    private int _at;

    public JcsReader(ReadOnlySpan<byte> json, JsonLimits limits)
    {
        _json = json;
        _limits = limits;
        // A first guess; it grows with what is really written, never with what is claimed.
        _output = new JcsWriter(Math.Min(json.Length, 4096));
    }

    public readonly byte[] Canonical() => _output.ToArray();

    public void Dispose() => _output.Dispose();

    public JsonFailure Document()
    {
        SkipWhiteSpace();
        var failure = Value(0);
        if (failure != JsonFailure.None) return failure;
        SkipWhiteSpace();
        return _at == _json.Length ? JsonFailure.None : JsonFailure.TrailingData;
    }

    private JsonFailure Value(int depth)
    {
        var failure = Peek() switch
        {
            '{' => Object(depth + 1),
            '[' => Array(depth + 1),
            '"' => String(),
            't' => Literal("true"u8),
            'f' => Literal("false"u8),
            'n' => Literal("null"u8),
            _ => Number(),
        };
        return failure == JsonFailure.None && _output.Length > _limits.MaxBytes ? JsonFailure.TooBig : failure;
    }

    private JsonFailure Object(int depth)
    {
        if (depth > _limits.MaxDepth) return JsonFailure.TooDeep;
        _at++;
        _output.Append((byte)'{');
        var members = new JcsMembers(_output.Length);
        SkipWhiteSpace();
        if (Peek() != '}')
        {
            while (true)
            {
                var start = _output.Length;
                if (Peek() != '"') return JsonFailure.Malformed;
                var failure = String();
                if (failure != JsonFailure.None) return failure;
                var name = JcsString.Decode(_output.WrittenFrom(start));
                SkipWhiteSpace();
                if (Peek() != ':') return JsonFailure.Malformed;
                _at++;
                _output.Append((byte)':');
                SkipWhiteSpace();
                failure = Value(depth);
                if (failure != JsonFailure.None) return failure;
                members.Add(name, start, _output.Length);
                SkipWhiteSpace();
                if (Peek() != ',') break;
                _at++;
                _output.Append((byte)',');
                SkipWhiteSpace();
            }
        }

        if (Peek() != '}') return JsonFailure.Malformed;
        _at++;
        if (!members.TrySort(_output.WrittenFrom(members.Start))) return JsonFailure.DuplicateName;
        _output.Append((byte)'}');
        return JsonFailure.None;
    }

    private JsonFailure Array(int depth)
    {
        if (depth > _limits.MaxDepth) return JsonFailure.TooDeep;
        _at++;
        _output.Append((byte)'[');
        SkipWhiteSpace();
        if (Peek() != ']')
        {
            while (true)
            {
                var failure = Value(depth);
                if (failure != JsonFailure.None) return failure;
                SkipWhiteSpace();
                if (Peek() != ',') break;
                _at++;
                _output.Append((byte)',');
                SkipWhiteSpace();
            }
        }

        if (Peek() != ']') return JsonFailure.Malformed;
        _at++;
        _output.Append((byte)']');
        return JsonFailure.None;
    }

    private JsonFailure String()
    {
        var failure = JcsString.Copy(_json[_at..], ref _output, out var consumed);
        _at += consumed;
        return failure;
    }

    private JsonFailure Literal(ReadOnlySpan<byte> word)
    {
        if (!_json[_at..].StartsWith(word)) return JsonFailure.Malformed;
        _at += word.Length;
        _output.Append(word);
        return JsonFailure.None;
    }

    private JsonFailure Number()
    {
        var start = _at;
        if (Peek() == '-') _at++;
        if (Peek() == '0') _at++;
        else if (!Digits()) return JsonFailure.Malformed;
        if (Peek() == '.')
        {
            _at++;
            if (!Digits()) return JsonFailure.Malformed;
        }

        if (Peek() is 'e' or 'E')
        {
            _at++;
            if (Peek() is '+' or '-') _at++;
            if (!Digits()) return JsonFailure.Malformed;
        }

        if (!JcsNumber.TryCanonicalize(_json[start.._at], out var canonical)) return JsonFailure.NumberNotExact;
        Span<byte> ascii = stackalloc byte[canonical.Length];
        Encoding.ASCII.GetBytes(canonical, ascii);
        _output.Append(ascii);
        return JsonFailure.None;
    }

    private bool Digits()
    {
        var start = _at;
        while (Peek() is >= '0' and <= '9') _at++;
        return _at > start;
    }

    private void SkipWhiteSpace()
    {
        while (Peek() is ' ' or '\t' or '\n' or '\r') _at++;
    }

    private readonly int Peek() => _at < _json.Length ? _json[_at] : -1;
}
