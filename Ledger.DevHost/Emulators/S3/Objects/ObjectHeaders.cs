using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>The headers that are kept with an object and given back with it.</summary>
/// <param name="Content">Content-Type and its like.</param>
/// <param name="Metadata">x-amz-meta-…, names in lower case.</param>
internal sealed record ObjectHeaders(IReadOnlyDictionary<string, string> Content, IReadOnlyDictionary<string, string> Metadata)
{
    public const string DefaultType = "binary/octet-stream";

    public static readonly ObjectHeaders None = new(new Dictionary<string, string>(), new Dictionary<string, string>());

    private const string MetadataPrefix = "x-amz-meta-";

    private static readonly string[] Kept =
        ["Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type", "Expires"];

    public static ObjectHeaders Of(S3Request request)
    {
        var content = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["Content-Type"] = DefaultType };
        foreach (var name in Kept)
        {
            var value = request.Header(name);
            var kept = name == "Content-Encoding" && value is not null ? WithoutChunks(value) : value;
            if (!string.IsNullOrEmpty(kept))
                content[name] = kept;
        }
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Context.Request.Headers)
            if (name.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
                metadata[name.ToLowerInvariant()] = value.ToString();
        return new ObjectHeaders(content, metadata);
    }

    public void WriteTo(HttpResponse response)
    {
        foreach (var (name, value) in Content)
            response.Headers[name] = value;
        foreach (var (name, value) in Metadata)
            response.Headers[name] = EncodedWord.Of(value);
    }

    // aws-chunked is of the transport, and it is off: "aws-chunked,gzip" was put, "gzip" is kept.
    private static string WithoutChunks(string encoding)
        => string.Join(',', encoding.Split(',').Where(e => e.Trim() != "aws-chunked"));
}
