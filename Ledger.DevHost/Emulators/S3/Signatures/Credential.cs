using System.Globalization;

namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>Who signs and what for. <code>AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request</code></summary>
internal sealed record Credential(string AccessKey, string Date, string Region)
{
    /// <summary>The second line below the algorithm of what is signed.</summary>
    public string Scope => $"{Date}/{Region}/s3/aws4_request";

    /// <summary>An access key may have slashes itself: the last four parts are the scope.</summary>
    /// <exception cref="Answers.S3Refusal">It is none.</exception>
    public static Credential Parse(string text)
    {
        var parts = text.Trim().Split('/');
        if (parts.Length < 5)
            throw SignatureError.BadCredential.Refuse();
        var scope = parts[^4..];
        if (!DateOnly.TryParseExact(scope[0], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            throw SignatureError.BadCredential.Refuse();
        if (scope[2] != "s3")
            throw SignatureError.WrongService.Refuse();
        if (scope[3] != "aws4_request")
            throw SignatureError.BadCredential.Refuse();
        return new Credential(string.Join('/', parts[..^4]), scope[0], scope[1]);
    }
}
