using System.Globalization;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>The conditional headers of RFC 9110, 13.1, as the store takes them.</summary>
internal static class Conditions
{
    /// <summary>Of a put, against what is there now: null, or a delete marker, is nothing.</summary>
    /// <exception cref="S3Refusal">412 with the ETag that is there; 404 where If-Match finds nothing.</exception>
    public static void CheckPut(S3Request request, ObjectVersion? now)
    {
        var (match, noneMatch) = (request.Header("If-Match"), request.Header("If-None-Match"));
        if (now is null or { DeleteMarker: true })
        {
            if (match is not null)
                throw S3Error.NoSuchKey.Refuse();
            return;
        }
        if ((noneMatch is not null && now.HasTag(noneMatch)) || (match is not null && !now.HasTag(match)))
            throw Failed(now);
    }

    /// <summary>Of a get or a head.</summary>
    /// <returns>False: it is what the client has already, 304.</returns>
    /// <exception cref="S3Refusal">412.</exception>
    public static bool CheckGet(S3Request request, ObjectVersion now)
    {
        var (match, noneMatch) = (request.Header("If-Match"), request.Header("If-None-Match"));
        if (match is not null ? !now.HasTag(match) : Time(request, "If-Unmodified-Since") is { } before && IsAfter(now, before))
            throw Failed(now);
        return noneMatch is not null
            ? !now.HasTag(noneMatch)
            : Time(request, "If-Modified-Since") is not { } since || IsAfter(now, since);
    }

    /// <summary>Of a copy, for its source.</summary>
    /// <exception cref="S3Refusal">412.</exception>
    public static void CheckCopy(S3Request request, ObjectVersion source)
    {
        const string Prefix = "x-amz-copy-source-";
        var (match, noneMatch) = (request.Header(Prefix + "if-match"), request.Header(Prefix + "if-none-match"));
        var (before, since) = (Time(request, Prefix + "if-unmodified-since"), Time(request, Prefix + "if-modified-since"));
        if ((match is not null && !source.HasTag(match)) || (noneMatch is not null && source.HasTag(noneMatch))
            || (match is null && before is { } b && IsAfter(source, b)) || (noneMatch is null && since is { } s && !IsAfter(source, s)))
            throw Failed(source);
    }

    private static S3Refusal Failed(ObjectVersion now) => new(S3Error.PreconditionFailed)
    {
        Headers = [("ETag", $"\"{now.ETag}\""), ("Last-Modified", now.Modified.ToString("r", CultureInfo.InvariantCulture))],
        AnnouncesBody = true,
    };

    // Headers have whole seconds.
    private static bool IsAfter(ObjectVersion now, DateTimeOffset time) => now.Modified >= time.AddSeconds(1);

    private static DateTimeOffset? Time(S3Request request, string header)
        => DateTimeOffset.TryParseExact(
            request.Header(header), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
