using System.Globalization;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Signatures;

/// <summary>From when to when a presigned URL is good.</summary>
internal static class PresignedUrl
{
    public static readonly IReadOnlyList<string> Parameters =
        ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"];

    private const long MaxSeconds = 7 * 24 * 3600;

    /// <exception cref="Answers.S3Refusal">It is no time that a URL can have.</exception>
    public static (DateTimeOffset Signed, TimeSpan Good) Times(Query query)
    {
        var signed = SignatureTime.Parse(query["X-Amz-Date"]!) ?? throw SignatureError.Parameters("X-Amz-Date is no time.").Refuse();
        if (!long.TryParse(query["X-Amz-Expires"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
            throw SignatureError.Parameters("X-Amz-Expires is a number of seconds.").Refuse();
        if (seconds is < 0 or > MaxSeconds)
            throw SignatureError.Parameters("X-Amz-Expires is 0 to 604800, a week.").Refuse();
        return (signed, TimeSpan.FromSeconds(seconds));
    }

    /// <exception cref="Answers.S3Refusal">It is not good now.</exception>
    public static void CheckTimes((DateTimeOffset Signed, TimeSpan Good) times, DateTimeOffset now)
    {
        if (times.Signed > now + SignatureTime.MaxSkew)
            throw SignatureError.NotYet.Refuse();
        if (now - times.Signed > times.Good)
            throw SignatureError.Expired.Refuse();
    }

    /// <summary>A header that changes what is stored must be signed here: the URL's holder is not its maker.</summary>
    public static void CheckMetadata(S3Request request, IReadOnlyList<string> signedHeaders)
    {
        foreach (var (name, _) in request.Context.Request.Headers)
            if (name.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)
                && !signedHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw SignatureError.NotSigned.Refuse();
    }
}
