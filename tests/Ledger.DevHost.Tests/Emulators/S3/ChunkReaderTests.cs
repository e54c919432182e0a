using System.IO.Pipelines;
using System.Text;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Chunked;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Tests.Emulators.S3;

/// <summary>aws-chunked bodies; the signed ones are the 66 560 bytes of the S3 API reference.</summary>
public sealed class ChunkReaderTests
{
    private const string Seed = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";
    private const string First = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
    private const string Second = "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497";
    private const string TrailerSeed = "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e";
    private const string TrailerSignature = "d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435";
    private const string Last = "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9";

    private static readonly Payload Unsigned = new(null, Chunks: true, Trailer: true);

    [Fact]
    public async Task Signed_chunks_are_put_together()
        => Assert.Equal(new string('a', 66560), (await ReadAsync(Signed(), 66560, Example())).Text);

    [Fact]
    public async Task Signed_chunks_with_a_signed_trailer_are_put_together()
    {
        var payload = new Payload(null, Chunks: true, Trailer: true, Signing(), TrailerSeed);
        var body = $"10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n{new string('a', 65536)}\r\n"
            + $"400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n{new string('a', 1024)}\r\n"
            + "0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
            + $"x-amz-checksum-crc32c:sOO8/Q==\r\nx-amz-trailer-signature:{TrailerSignature}\r\n\r\n";

        var read = await ReadAsync(payload, 66560, body);

        Assert.Equal((66560, "sOO8/Q=="), (read.Text.Length, read.Trailer["x-amz-checksum-crc32c"]));
        var other = body.Replace("sOO8/Q==", "sOO8/A==", StringComparison.Ordinal);
        Assert.Equal("SignatureDoesNotMatch", await RefusedAsync(payload, 66560, other));
    }

    [Fact]
    public async Task Every_byte_and_every_signature_counts()
    {
        (string Old, string New)[] changes = [("aaa\r\n400", "aab\r\n400"), (First, Seed), (Second, Seed), (Last, Seed)];
        foreach (var (old, other) in changes)
        {
            var body = Example().Replace(old, other, StringComparison.Ordinal);
            Assert.Equal("SignatureDoesNotMatch", await RefusedAsync(Signed(), 66560, body));
        }
    }

    [Theory]
    [InlineData("5\r\nhello\r\n0\r\na:b\r\n\r\n", 4, "ExcessData")]
    [InlineData("5\r\nhello\r\n0\r\na:b\r\n\r\n", 6, "IncompleteBody")]
    [InlineData("5\r\nhel", 5, "IncompleteBody")]
    [InlineData("5\r\nhelloXX0\r\na:b\r\n\r\n", 5, "BadRequest")]
    [InlineData("5;chunk-signature=00\r\nhello\r\n0\r\n\r\n", 5, "BadRequest")]
    [InlineData("-1\r\n", 5, "BadRequest")]
    [InlineData("FFFFFFFFFFFFFFFF\r\n", 5, "BadRequest")]
    [InlineData("zz\r\n", 5, "BadRequest")]
    [InlineData("5\r\nhello\r\n0\r\nno colon\r\n\r\n", 5, "BadRequest")]
    [InlineData("5\r\nhello\r\n", 5, "BadRequest")]
    [InlineData("", 5, "IncompleteBody")]
    public async Task What_is_no_such_body_is_refused(string body, long length, string code)
        => Assert.Equal(code, await RefusedAsync(Unsigned, length, body));

    [Fact]
    public async Task A_line_without_an_end_is_not_read_forever()
        => Assert.Equal("BadRequest", await RefusedAsync(Unsigned, 5, new string('0', 100_000)));

    [Fact]
    public async Task Without_a_trailer_the_empty_chunk_may_be_missing()
    {
        var whole = Example();
        var cut = whole[..whole.IndexOf("0;chunk-signature=" + Last, StringComparison.Ordinal)] + "0;c";
        Assert.Equal(66560, (await ReadAsync(Signed(), 66560, cut)).Text.Length);
    }

    private static Signing Signing() => new(SigningTests.Secret, SigningTests.Credential, SigningTests.Time);

    private static Payload Signed() => new(null, Chunks: true, Trailer: false, Signing(), Seed);

    private static string Example()
        => $"10000;chunk-signature={First}\r\n{new string('a', 65536)}\r\n400;chunk-signature={Second}\r\n{new string('a', 1024)}\r\n"
            + $"0;chunk-signature={Last}\r\n\r\n";

    private static async Task<string> RefusedAsync(Payload payload, long length, string body)
        => (await Assert.ThrowsAsync<S3Refusal>(() => ReadAsync(payload, length, body))).Error.Code;

    private static async Task<(string Text, Dictionary<string, string> Trailer)> ReadAsync(Payload payload, long length, string body)
    {
        using var into = new MemoryStream();
        var reader = new ChunkReader(PipeReader.Create(new MemoryStream(Encoding.ASCII.GetBytes(body))), payload, length);
        await reader.ReadAsync(bytes => into.WriteAsync(bytes), CancellationToken.None);
        return (Encoding.ASCII.GetString(into.ToArray()), reader.Trailer);
    }
}
