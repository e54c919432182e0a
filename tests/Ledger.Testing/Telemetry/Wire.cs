using System.Buffers.Binary;
using System.Text;

namespace Ledger.Testing.Telemetry;

/// <summary>One field of a protocol buffer message.</summary>
/// <param name="Number">The field's number in its message.</param>
/// <param name="Value">Of varints and fixed-width numbers, their bits.</param>
/// <param name="Bytes">Of strings, bytes and messages.</param>
internal readonly record struct WireField(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)
{
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public string Hex => Convert.ToHexStringLower(Bytes.Span);

    public double Double => BitConverter.UInt64BitsToDouble(Value);

    public IEnumerable<WireField> Fields => Wire.Read(Bytes);
}

/// <summary>Protocol buffers' wire format, as far as OTLP needs it. https://protobuf.dev/programming-guides/encoding/</summary>
internal static class Wire
{
    // A tag is (number << 3 | kind); "name":"a" of field 5 is 2a 01 61.
    public static IEnumerable<WireField> Read(ReadOnlyMemory<byte> message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message.Span, ref at);
            var (number, kind) = ((int)(tag >> 3), (int)(tag & 7));
            switch (kind)
            {
                case 0:
                    yield return new WireField(number, Varint(message.Span, ref at), default);
                    break;
                case 1:
                    yield return new WireField(number, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    yield return new WireField(number, 0, message.Slice(at, length));
                    at += length;
                    break;
                case 5:
                    yield return new WireField(number, BinaryPrimitives.ReadUInt32LittleEndian(message.Span[at..]), default);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"wire type {kind} of field {number}");
            }
        }
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0ul;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
    }
}
