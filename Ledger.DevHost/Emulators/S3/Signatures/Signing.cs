using System.Security.Cryptography;
using System.Text;

namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>The key of one day, region and service, derived from the secret, and what it signs (AWS Signature Version 4).</summary>
/// <param name="secret">The secret access key.</param>
/// <param name="credential">The scope.</param>
/// <param name="time">20130524T000000Z.</param>
internal sealed class Signing(string secret, Credential credential, string time)
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>SHA-256 of nothing, in hex.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private readonly byte[] key = Derive(secret, credential);

    /// <summary>The signature of a request.</summary>
    /// <param name="canonical">Of <see cref="CanonicalRequest"/>.</param>
    public string Request(string canonical) => Sign("", Hash(Encoding.UTF8.GetBytes(canonical)));

    /// <summary>The signature of a chunk, which includes the one before.</summary>
    /// <param name="before">Of the chunk before; of the request for the first.</param>
    /// <param name="hash">SHA-256 of the chunk's bytes, in hex.</param>
    public string Chunk(string before, string hash) => Sign("-PAYLOAD", before, EmptyHash, hash);

    /// <summary>The signature of the trailer.</summary>
    /// <param name="before">Of the last chunk.</param>
    /// <param name="lines">Each <c>name:value\n</c>.</param>
    public string Trailer(string before, string lines) => Sign("-TRAILER", before, Hash(Encoding.UTF8.GetBytes(lines)));

    /// <summary>Compares without telling by its time where they differ.</summary>
    public static bool Same(string expected, string actual)
        => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(actual));

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private string Sign(string kind, params string[] lines)
    {
        var text = string.Join('\n', [Algorithm + kind, time, credential.Scope, .. lines]);
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }

    private static byte[] Derive(string secret, Credential credential)
        => credential.Scope.Split('/').Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + secret), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
}
