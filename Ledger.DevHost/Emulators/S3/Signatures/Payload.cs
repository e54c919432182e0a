namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>What the signature says of the body that follows.</summary>
/// <param name="Hash">SHA-256 in hex that the body must have; null: it says nothing.</param>
/// <param name="Chunks">Whether it comes as aws-chunked.</param>
/// <param name="Trailer">Whether lines follow the last chunk.</param>
/// <param name="Signing">Signs the chunks; null: they are not signed.</param>
/// <param name="Seed">The request's own signature, which the first chunk's includes.</param>
internal sealed record Payload(string? Hash, bool Chunks = false, bool Trailer = false, Signing? Signing = null, string Seed = "")
{
    public const string Unsigned = "UNSIGNED-PAYLOAD";
    public const string SignedChunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
    public const string SignedChunksTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
    public const string UnsignedChunksTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    /// <summary>Of x-amz-content-sha256.</summary>
    public static Payload Of(string word, Signing signing, string signature) => word switch
    {
        Unsigned => new(Hash: null),
        SignedChunks => new(null, Chunks: true, Trailer: false, signing, signature),
        SignedChunksTrailer => new(null, Chunks: true, Trailer: true, signing, signature),
        UnsignedChunksTrailer => new(null, Chunks: true, Trailer: true),
        _ => new(word),
    };
}
