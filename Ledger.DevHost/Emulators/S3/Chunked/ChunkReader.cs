using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3.Chunked;

/// <summary>
/// Takes aws-chunked off a body: hex sizes with or without a signature each, an empty chunk at the end, then the trailer.
/// <code>
/// c;chunk-signature=6f32ef6e7d7b2cdf9630c97c2bb77316b10a3f51104a4f03b5c2e7abcd715893
/// hello world
///
/// 0;chunk-signature=2b362e15d9979fbd2aa45b3ca45e8589757d78787a4ee6d3d2778578498206c7
/// x-amz-checksum-crc32:rwg7LQ==
/// x-amz-trailer-signature:b4adc7592ae12bc0bb1e67622d9b41351b83e5bf329971f38d93f06ec8c23e4f
///
/// </code>
/// </summary>
/// <param name="source">The body.</param>
/// <param name="payload">Whether chunks are signed and a trailer follows.</param>
/// <param name="length">Decoded bytes that are announced.</param>
internal sealed class ChunkReader(PipeReader source, Payload payload, long length)
{
    private const long MaxChunk = 64 << 20;
    private const string SignatureField = ";chunk-signature=";

    private readonly LineReader lines = new(source);
    private string signature = payload.Seed;
    private long left = length;

    /// <summary>Names in lower case and values of the trailer, once it was read.</summary>
    public Dictionary<string, string> Trailer { get; } = new(StringComparer.Ordinal);

    /// <summary>Hands every byte on, in order.</summary>
    /// <exception cref="S3Refusal">It is not so written, wrongly signed, too long or too short.</exception>
    public async Task ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask> sink, CancellationToken cancellationToken)
    {
        while (await lines.NextAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            var (size, signed) = Header(line);
            if (size > left)
                throw S3Error.ExcessData.Refuse();
            await DataAsync(size, signed, sink, cancellationToken).ConfigureAwait(false);
            left -= size;
            if (size > 0)
                continue;
            if (left > 0)
                throw S3Error.IncompleteBody.Refuse();
            if (payload.Trailer)
                await TrailerAsync(cancellationToken).ConfigureAwait(false);
            return;
        }
        // The empty chunk may be missing: the real server has all that was announced, and does not look for more.
        if (left > 0)
            throw S3Error.IncompleteBody.Refuse();
        if (payload.Trailer)
            throw Malformed();
    }

    private (long Size, string Signature) Header(string line)
    {
        var cut = line.IndexOf(SignatureField, StringComparison.Ordinal);
        if (cut < 0 != payload.Signing is null)
            throw Malformed();
        var number = cut < 0 ? line : line[..cut];
        var good = long.TryParse(number, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size);
        return good && size is >= 0 and <= MaxChunk
            ? (size, cut < 0 ? "" : line[(cut + SignatureField.Length)..])
            : throw Malformed();
    }

    private async ValueTask DataAsync(
        long size, string signed, Func<ReadOnlyMemory<byte>, ValueTask> sink, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var wanted = size; wanted > 0;)
        {
            var read = await source.ReadAsync(cancellationToken).ConfigureAwait(false);
            var some = read.Buffer.Slice(0, Math.Min(wanted, read.Buffer.Length));
            foreach (var part in some)
            {
                hash.AppendData(part.Span);
                await sink(part).ConfigureAwait(false);
            }
            wanted -= some.Length;
            source.AdvanceTo(some.End);
            if (wanted > 0 && read.IsCompleted)
                throw S3Error.IncompleteBody.Refuse();
        }
        if (size > 0 && await lines.NextAsync(cancellationToken).ConfigureAwait(false) is not (null or ""))
            throw Malformed();
        if (payload.Signing is null)
            return;
        signature = payload.Signing.Chunk(signature, Convert.ToHexStringLower(hash.GetHashAndReset()));
        if (!Signing.Same(signature, signed))
            throw SignatureError.DoesNotMatch.Refuse();
    }

    private async Task TrailerAsync(CancellationToken cancellationToken)
    {
        var signedLines = new StringBuilder();
        string? trailerSignature = null;
        while (await lines.NextAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } line)
        {
            var cut = line.IndexOf(':', StringComparison.Ordinal);
            if (cut < 0 || Trailer.Count >= 8)
                throw Malformed();
            var (name, value) = (line[..cut].Trim().ToLowerInvariant(), line[(cut + 1)..].Trim());
            if (name == "x-amz-trailer-signature")
                trailerSignature = value;
            else
                signedLines.Append(name).Append(':').Append(Trailer[name] = value).Append('\n');
        }
        if (payload.Signing is null)
            return;
        if (trailerSignature is null)
            throw Malformed();
        if (!Signing.Same(payload.Signing.Trailer(signature, signedLines.ToString()), trailerSignature))
            throw SignatureError.DoesNotMatch.Refuse();
    }

    /// <summary>What is no aws-chunked body, or lacks the trailer that was announced.</summary>
    public static S3Refusal Malformed() => S3Error.BadRequest("malformed chunked encoding").Refuse();
}
