namespace Ledger.DevHost.Tests.Emulators.S3;

/// <summary>Every way in which a signature is refused, with the status and code of the recordings.</summary>
public sealed class RefusedSignatureTests
{
    private const string Hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("another key", 403, "InvalidAccessKeyId")]
    [InlineData("another secret", 403, "SignatureDoesNotMatch")]
    [InlineData("another service", 400, "AuthorizationParametersError")]
    [InlineData("16 minutes ago", 403, "RequestTimeTooSkewed")]
    [InlineData("in 16 minutes", 403, "RequestTimeTooSkewed")]
    [InlineData("a session token", 403, "InvalidTokenId")]
    public async Task Of_another_signer(string case_, int status, string code)
    {
        await using var s3 = await S3UnderTest.StartAsync();
        var signer = case_ switch
        {
            "another key" => s3.Signer with { AccessKey = "nobody" },
            "another secret" => s3.Signer with { SecretKey = "another-secret" },
            "another service" => s3.Signer with { Service = "ec2" },
            "16 minutes ago" => s3.Signer with { Now = s3.Signer.Now.AddMinutes(-16) },
            "in 16 minutes" => s3.Signer with { Now = s3.Signer.Now.AddMinutes(16) },
            _ => s3.Signer,
        };
        using var request = s3.Request("GET", "/docs", [], case_ == "a session token" ? ["x-amz-security-token: made-up"] : []);
        signer.Sign(request, Hash);
        var reply = await s3.SendAsync(request);
        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("", 403, "AccessDenied")]
    [InlineData("Bearer token", 403, "AccessDenied")]
    [InlineData("Basic bGVkZ2VyOng=", 400, "InvalidRequest")]
    [InlineData("AWS nobody:c2lnbmF0dXJl", 403, "InvalidAccessKeyId")]
    [InlineData("AWS ledger-test:c2lnbmF0dXJl", 400, "InvalidRequest")]
    [InlineData("AWS4-HMAC-SHA256", 400, "MissingFields")]
    [InlineData("AWS4-HMAC-SHA256 Credential=ledger-test/x, SignedHeaders=host, Signature=00", 400, "AuthorizationQueryParametersError")]
    [InlineData("AWS4-HMAC-SHA256 User=SCOPE, SignedHeaders=host, Signature=00", 400, "InvalidRequest")]
    [InlineData("AWS4-HMAC-SHA256 Credential=SCOPE, Headers=host, Signature=00", 400, "InvalidArgument")]
    [InlineData("AWS4-HMAC-SHA256 Credential=SCOPE, SignedHeaders=host, Sign=00", 400, "AccessDenied")]
    [InlineData("AWS4-HMAC-SHA256 Credential=SCOPE, SignedHeaders=host, Signature=", 400, "MissingFields")]
    [InlineData("AWS4-HMAC-SHA256 Credential=SCOPE, SignedHeaders=x-amz-date, Signature=00", 400, "AccessDenied")]
    [InlineData("AWS4-HMAC-SHA256 Credential=SCOPE, SignedHeaders=host;x-absent, Signature=00", 400, "AccessDenied")]
    [InlineData("AWS4-HMAC-SHA256 Credential=SCOPE, SignedHeaders=host, Signature=00", 403, "SignatureDoesNotMatch")]
    public async Task Of_another_form(string authorization, int status, string code)
    {
        await using var s3 = await S3UnderTest.StartAsync();
        var scope = $"{S3UnderTest.AccessKey}/{s3.Signer.Scope}";
        using var request = s3.Request("GET", "/docs", [], $"x-amz-date: {s3.Signer.Stamp}");
        if (authorization.Length > 0)
            request.Headers.TryAddWithoutValidation("Authorization", authorization.Replace("SCOPE", scope, StringComparison.Ordinal));
        var reply = await s3.SendAsync(request);
        Assert.Equal((status, code), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData(null, "AccessDenied")]
    [InlineData("x-amz-date: yesterday", "MalformedDate")]
    public async Task Without_a_time(string? header, string code)
    {
        await using var s3 = await S3UnderTest.StartAsync();
        using var request = s3.Request("GET", "/docs", [], header is null ? [] : [header]);
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={S3UnderTest.AccessKey}/{s3.Signer.Scope}, SignedHeaders=host, Signature=00");
        var reply = await s3.SendAsync(request);
        Assert.Equal((400, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Of_another_body()
    {
        await using var s3 = await S3UnderTest.StartAsync();
        using var request = s3.Request("PUT", "/docs/a.txt", "other"u8.ToArray());
        s3.Signer.Sign(request, Hash);
        var reply = await s3.SendAsync(request);
        Assert.Equal((400, "XAmzContentSHA256Mismatch"), (reply.Status, reply.Code));
        Assert.Equal(404, (await s3.SendAsync("HEAD", "/docs/a.txt")).Status);
    }

    [Theory]
    [InlineData("GET", "", 600, 0, 200, "")]
    [InlineData("PUT", "", 600, 0, 403, "SignatureDoesNotMatch")]
    [InlineData("GET", "&versionId=null", 600, 0, 403, "SignatureDoesNotMatch")]
    [InlineData("GET", "", 600, 601, 403, "AccessDenied")]
    [InlineData("GET", "", 600, -16 * 60, 403, "AccessDenied")]
    [InlineData("GET", "", -1, 0, 400, "AuthorizationQueryParametersError")]
    [InlineData("GET", "", 604801, 0, 400, "AuthorizationQueryParametersError")]
    public async Task Of_a_presigned_URL(string method, string added, int seconds, int later, int status, string code)
    {
        await using var s3 = await S3UnderTest.StartAsync();
        await s3.SendAsync("PUT", "/docs/a.txt", "hello");
        var url = s3.Signer.Presign(HttpMethod.Get, s3.At("/docs/a.txt"), seconds);
        s3.Time.Set(s3.Time.GetUtcNow().AddSeconds(later));
        using var request = new HttpRequestMessage(new HttpMethod(method), url + added);
        var reply = await s3.SendAsync(request);
        Assert.Equal((status, code), (reply.Status, status == 200 ? "" : reply.Code));
    }

    [Fact]
    public async Task Of_another_region_where_one_is_set()
    {
        await using var s3 = await S3UnderTest.StartAsync(region: "eu-west-3");
        using var request = s3.Request("GET", "/docs", []);
        s3.Signer.Sign(request, Hash);
        var reply = await s3.SendAsync(request);
        Assert.Equal((400, "AuthorizationHeaderMalformed"), (reply.Status, reply.Code));
        Assert.Equal(("eu-west-3", "eu-west-3"), (reply.Headers["X-Amz-Bucket-Region"], reply.Values("Region").Single()));
    }
}
