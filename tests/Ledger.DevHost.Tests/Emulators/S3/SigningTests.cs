using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ledger.DevHost.Tests.Emulators.S3;

/// <summary>The examples that the S3 API reference works out ("Authenticating Requests: Using the Authorization Header" and "… Query
/// Parameters"), key AKIAIOSFODNN7EXAMPLE.</summary>
public sealed class SigningTests
{
    internal const string Secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    internal const string Time = "20130524T000000Z";

    private const string Host = "examplebucket.s3.amazonaws.com";

    internal static readonly Credential Credential = new("AKIAIOSFODNN7EXAMPLE", "20130524", "us-east-1");

    [Fact]
    public void An_object_with_a_range() => Assert.Equal(
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        Signature("GET", "/test.txt", Signing.EmptyHash, "host;range;x-amz-content-sha256;x-amz-date", "Range: bytes=0-9"));

    [Fact]
    public void A_put_whose_key_has_a_dollar_sign() => Assert.Equal(
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        Signature("PUT", "/test%24file.text", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class", "Date: Fri, 24 May 2013 00:00:00 GMT",
            "x-amz-storage-class: REDUCED_REDUNDANCY"));

    [Fact]
    public void A_parameter_without_a_value() => Assert.Equal(
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        Signature("GET", "/?lifecycle", Signing.EmptyHash, "host;x-amz-content-sha256;x-amz-date"));

    [Fact]
    public void Parameters_are_sorted() => Assert.Equal(
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        Signature("GET", "/?prefix=J&max-keys=2", Signing.EmptyHash, "host;x-amz-content-sha256;x-amz-date"));

    [Fact]
    public void A_presigned_URL()
    {
        var request = Request("GET", "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524"
            + "%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
            + "&X-Amz-Signature=any");
        var canonical = CanonicalRequest.Of(request, ["host"], Payload.Unsigned, without: name => name == "X-Amz-Signature");
        Assert.Equal(
            "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404", new Signing(Secret, Credential, Time).Request(canonical));
    }

    private static string Signature(string method, string target, string payload, string signedHeaders, params string[] headers)
    {
        var request = Request(method, target, [$"x-amz-content-sha256: {payload}", $"x-amz-date: {Time}", .. headers]);
        return new Signing(Secret, Credential, Time).Request(
            CanonicalRequest.Of(request, signedHeaders.Split(';'), payload, without: _ => false));
    }

    private static S3Request Request(string method, string target, params string[] headers)
    {
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        context.Request.Method = method;
        context.Request.Headers.Host = Host;
        foreach (var header in headers)
            context.Request.Headers[header.Split(": ")[0]] = header.Split(": ")[1];
        return new S3Request(context);
    }
}
