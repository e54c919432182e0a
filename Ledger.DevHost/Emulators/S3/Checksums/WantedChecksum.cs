using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Checksums;

/// <summary>What a client says the checksum of its body is: in a header, or after the body in the trailer it announces. Naming only an
/// algorithm asks for nothing.</summary>
/// <param name="Algorithm">Which.</param>
/// <param name="Value">Base64; null: it comes in the trailer.</param>
internal sealed record WantedChecksum(ChecksumAlgorithm Algorithm, string? Value)
{
    /// <summary>x-amz-checksum-sha256.</summary>
    public string Trailer => ChecksumAlgorithm.Prefix + Algorithm.Name.ToLowerInvariant();

    /// <summary>Null: none is sent.</summary>
    /// <exception cref="S3Refusal">Two at once, or one that cannot be.</exception>
    public static WantedChecksum? Of(S3Request request)
    {
        var trailers = (request.Header("x-amz-trailer") ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var wanted = new List<WantedChecksum>();
        foreach (var algorithm in ChecksumAlgorithm.All)
        {
            var trailing = new WantedChecksum(algorithm, null);
            if (trailers.Contains(trailing.Trailer, StringComparer.OrdinalIgnoreCase))
                wanted.Add(trailing);
            else if (request.Header(trailing.Trailer) is { } value)
                wanted.Add(algorithm.IsValue(value) ? trailing with { Value = value } : throw Invalid());
        }
        return wanted.Count > 1 ? throw Invalid() : wanted.FirstOrDefault();
    }

    private static S3Refusal Invalid() => S3Error.InvalidArgument("One checksum at most, base64 of as many bytes as it has.").Refuse();
}
