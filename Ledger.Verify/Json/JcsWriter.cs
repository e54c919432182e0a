using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Ledger.Verify.Json;

/// <summary>
/// Writes JSON in its RFC 8785 form into one pooled buffer. It escapes, formats and puts the commas; the caller names an object's members
/// in
/// sorted order, since it knows them (every known document is compared with <see cref="Jcs"/> in a test). Dispose returns the buffer.
/// https://www.rfc-editor.org/rfc/rfc8785#section-3.2
/// </summary>
public ref struct JcsWriter : IDisposable
{
    private static readonly SearchValues<char> Escaped =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    private byte[] _buffer;
    private bool _afterValue;

    /// <param name="capacity">The expected length; it grows when that was too little.</param>
    public JcsWriter(int capacity) => _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(capacity, 64));

    /// <summary>Bytes written so far.</summary>
    public int Length { readonly get; private set; }

    public readonly ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public readonly byte[] ToArray() => Written.ToArray();

    /// <summary>
    /// What was written; the writer is disposed. (A writer that an exception drops costs the pool a buffer and nothing else.)
    /// </summary>
    public byte[] Finish()
    {
        var bytes = ToArray();
        Dispose();
        return bytes;
    }

    public void StartObject() => Start((byte)'{');

    public void EndObject() => End((byte)'}');

    public void StartArray() => Start((byte)'[');

    public void EndArray() => End((byte)']');

    /// <param name="plainName">A name that needs no escape, in UTF-8.</param>
    public void Name(ReadOnlySpan<byte> plainName)
    {
        BeforeValue();
        Quoted(plainName);
        Append((byte)':');
        _afterValue = false;
    }

    /// <exception cref="ArgumentException">A lone surrogate or U+0000: neither has a form that every reader takes.</exception>
    public void Text(ReadOnlySpan<char> text)
    {
        BeforeValue();
        Append((byte)'"');
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAny(Escaped);
            Utf16(plain < 0 ? text : text[..plain]);
            if (plain < 0) break;
            if (text[plain] == '\0') throw new ArgumentException("U+0000 has no place in a string.", nameof(text));
            Append(Escape((byte)text[plain]));
            text = text[(plain + 1)..];
        }

        Append((byte)'"');
        _afterValue = true;
    }

    /// <summary>A digest as its 64 hex digits.</summary>
    public void Hex(in Digest digest)
    {
        BeforeValue();
        Span<byte> bytes = stackalloc byte[Digest.Size], ascii = stackalloc byte[2 * Digest.Size];
        Span<char> hex = stackalloc char[2 * Digest.Size];
        digest.CopyTo(bytes);
        Convert.TryToHexStringLower(bytes, hex, out _);
        System.Text.Ascii.FromUtf16(hex, ascii, out _);
        Quoted(ascii);
    }

    /// <summary>Bytes as padded base64.</summary>
    public void Base64(ReadOnlySpan<byte> bytes)
    {
        BeforeValue();
        Append((byte)'"');
        Base64Utf8(bytes);
        Append((byte)'"');
        _afterValue = true;
    }

    /// <exception cref="ArgumentOutOfRangeException">Not 0…2^53−1.</exception>
    public void Number(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Limits.MaxSafeInteger);
        BeforeValue();
        Utf8Formatter.TryFormat(value, Reserve(20), out var written);
        Length += written;
        _afterValue = true;
    }

    /// <summary>A value that is in its RFC 8785 form already.</summary>
    public void Canonical(ReadOnlySpan<byte> value)
    {
        BeforeValue();
        Append(value);
        _afterValue = true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        Length = 0;
    }

    internal void Append(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    internal void Append(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>What was written from <paramref name="start"/> on, to be put in another order.</summary>
    internal readonly Span<byte> WrittenFrom(int start) => _buffer.AsSpan(start, Length - start);

    /// <summary>The one escape of a control character, a quote or a backslash.</summary>
    internal static ReadOnlySpan<byte> Escape(byte character) => character switch
    {
        (byte)'"' => "\\\""u8,
        (byte)'\\' => "\\\\"u8,
        (byte)'\b' => "\\b"u8,
        (byte)'\t' => "\\t"u8,
        (byte)'\n' => "\\n"u8,
        (byte)'\f' => "\\f"u8,
        (byte)'\r' => "\\r"u8,
        _ => ControlEscapes.Slice(6 * character, 6),
    };

    // \u0000 to \u001f, six bytes each.
    private static ReadOnlySpan<byte> ControlEscapes =>
        """\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0009\u000a\u000b\u000c\u000d\u000e\u000f"""u8
        + """\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"""u8;

    private void Start(byte bracket)
    {
        BeforeValue();
        Append(bracket);
        _afterValue = false;
    }

    private void End(byte bracket)
    {
        Append(bracket);
        _afterValue = true;
    }

    private void Quoted(scoped ReadOnlySpan<byte> plain)
    {
        Append((byte)'"');
        Append(plain);
        Append((byte)'"');
        _afterValue = true;
    }

    private void BeforeValue()
    {
        if (_afterValue) Append((byte)',');
    }

    private void Utf16(ReadOnlySpan<char> plain)
    {
        // A UTF-16 unit becomes at most three bytes.
        var status = Utf8.FromUtf16(plain, Reserve(3 * plain.Length), out _, out var written, replaceInvalidSequences: false);
        if (status != OperationStatus.Done) throw new ArgumentException("Half of a surrogate pair is not text.", nameof(plain));
        Length += written;
    }

    private void Base64Utf8(ReadOnlySpan<byte> bytes)
    {
        var output = Reserve(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length));
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, output, out _, out var written);
        Length += written;
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - Length < count)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * _buffer.Length, Length + count));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsSpan(Length);
    }
}
