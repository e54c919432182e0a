using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace Ledger.DevHost.Emulators.S3.Chunked;

/// <summary>Lines of a body, up to <c>\r\n</c>.</summary>
internal sealed class LineReader(PipeReader source)
{
    private const int MaxLine = 4096;

    /// <summary>Without its end; null: the body ends before one, and what there was of it is dropped.</summary>
    /// <exception cref="Answers.S3Refusal">Longer than any line that belongs here.</exception>
    public async ValueTask<string?> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (Line(read.Buffer) is { } line)
            {
                var text = Encoding.UTF8.GetString(line);
                source.AdvanceTo(read.Buffer.GetPosition(line.Length + 2));
                return text;
            }
            if (read.Buffer.Length > MaxLine)
                throw ChunkReader.Malformed();
            if (read.IsCompleted)
            {
                source.AdvanceTo(read.Buffer.End);
                return null;
            }
            source.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static ReadOnlySequence<byte>? Line(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8) && line.Length <= MaxLine ? line : null;
    }
}
