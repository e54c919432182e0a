using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>Whether a request comes from the one user there is, in the order in which the real server refuses.</summary>
internal sealed class SignatureCheck(S3Options user, TimeProvider time)
{
    /// <summary>What needs no key: whether the request is signed in a way that is known, and dated now. Before anything else.</summary>
    /// <exception cref="S3Refusal">It is not.</exception>
    public void CheckForm(S3Request request)
    {
        var authorization = request.Header("Authorization");
        if (authorization is null || authorization.StartsWith("Bearer ", StringComparison.Ordinal))
            return;
        if (!authorization.StartsWith(Signing.Algorithm, StringComparison.Ordinal)
            && !authorization.StartsWith("AWS ", StringComparison.Ordinal))
            throw new S3Refusal(SignatureError.Unsupported) { Bare = true };
        var signed = SignedAt(request);
        var skew = time.GetUtcNow() - signed;
        if (skew.Duration() > SignatureTime.MaxSkew)
            throw new S3Refusal(SignatureError.Skewed) { Bare = true };
    }

    /// <returns>What was signed of the body.</returns>
    /// <exception cref="S3Refusal">Nobody's, or not this user's.</exception>
    public Payload Check(S3Request request)
    {
        var authorization = request.Header("Authorization");
        if (authorization is null)
            return request.Query.Has("X-Amz-Credential") ? CheckPresigned(request) : throw S3Error.AccessDenied.Refuse();
        if (authorization.StartsWith(Signing.Algorithm, StringComparison.Ordinal))
            return CheckHeader(request, authorization);
        if (!authorization.StartsWith("AWS ", StringComparison.Ordinal))
            throw S3Error.AccessDenied.Refuse();
        // Version 2: "AWS KEY:signature". The real server still takes it; this one does not.
        var key = authorization["AWS ".Length..].Split(':')[0];
        throw (key == user.AccessKey ? SignatureError.Unsupported : SignatureError.UnknownKey).Refuse();
    }

    private Payload CheckHeader(S3Request request, string authorization)
    {
        var signed = SignedRequest.OfHeader(authorization);
        CheckRegion(request, signed.Credential);
        CheckUser(request, signed.Credential);
        var payload = request.Header("x-amz-content-sha256") ?? Signing.EmptyHash;
        var stamp = SignedAt(request).UtcDateTime.ToString(SignatureTime.Form, System.Globalization.CultureInfo.InvariantCulture);
        return Compare(request, signed, stamp, payload, _ => false);
    }

    private Payload CheckPresigned(S3Request request)
    {
        var signed = SignedRequest.OfQuery(request.Query);
        CheckRegion(request, signed.Credential);
        var times = PresignedUrl.Times(request.Query);
        CheckUser(request, signed.Credential);
        PresignedUrl.CheckMetadata(request, signed.Headers);
        PresignedUrl.CheckTimes(times, time.GetUtcNow());
        var payload = request.Query["X-Amz-Content-Sha256"] ?? request.Header("x-amz-content-sha256") ?? Payload.Unsigned;
        return Compare(request, signed, request.Query["X-Amz-Date"]!, payload, name => name == "X-Amz-Signature");
    }

    private Payload Compare(S3Request request, SignedRequest signed, string stamp, string payload, Func<string, bool> without)
    {
        var signing = new Signing(user.SecretKey, signed.Credential, stamp);
        var expected = signing.Request(CanonicalRequest.Of(request, signed.Headers, payload, without));
        return Signing.Same(expected, signed.Signature)
            ? Payload.Of(payload, signing, expected)
            : throw SignatureError.DoesNotMatch.Refuse();
    }

    // A client that does not know the region asks for it with whatever it has.
    private void CheckRegion(S3Request request, Credential credential)
    {
        if (user.Region is { } region && credential.Region != region && !request.Query.Has("location"))
            throw SignatureError.WrongRegion(region);
    }

    private void CheckUser(S3Request request, Credential credential)
    {
        if (credential.AccessKey != user.AccessKey)
            throw SignatureError.UnknownKey.Refuse();
        if ((request.Header("x-amz-security-token") ?? request.Query["X-Amz-Security-Token"]) is { Length: > 0 })
            throw SignatureError.BadToken.Refuse();
    }

    private static DateTimeOffset SignedAt(S3Request request)
    {
        if (request.Header("x-amz-date") is { } stamp)
            return SignatureTime.Parse(stamp) ?? throw new S3Refusal(SignatureError.MalformedDate) { Bare = true };
        if (request.Header("Date") is { } date)
            return SignatureTime.ParseDate(date) ?? throw new S3Refusal(SignatureError.MalformedDate) { Bare = true };
        throw new S3Refusal(SignatureError.NoDate) { Bare = true };
    }
}
