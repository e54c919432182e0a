namespace Ledger.Core.Anchoring;

/// <summary>The address of a server that we call.</summary>
internal static class ServerUrl
{
    /// <summary>What is wrong with it, never showing it: a password could be in it. Null where nothing is.</summary>
    public static string? Fault(Uri? url, string example)
    {
        if (url is null) return $"is not set, e.g. {example}.";
        if (!url.IsAbsoluteUri || (url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp))
            return $"must be an absolute http(s) URL, e.g. {example}.";
        return url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0
            ? "may have no user, query or fragment."
            : null;
    }

    /// <summary>With the final slash that relative addresses need.</summary>
    public static Uri Base(Uri url) => new(url.AbsoluteUri.TrimEnd('/') + "/");
}
