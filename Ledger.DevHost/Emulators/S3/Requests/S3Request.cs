using Microsoft.AspNetCore.Http.Features;

namespace Ledger.DevHost.Emulators.S3.Requests;

/// <summary>A call in the words of the store, read from the target as it came: ASP.NET Core would clean it of <c>..</c> and
/// <c>//</c>, which are refused here.</summary>
internal sealed class S3Request
{
    public S3Request(HttpContext context)
    {
        Context = context;
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "/";
        if (!target.StartsWith('/'))
            target = context.Request.Path.ToUriComponent() + context.Request.QueryString;
        var cut = target.IndexOf('?', StringComparison.Ordinal);
        Path = PercentText.Decoded(cut < 0 ? target : target[..cut]);
        Query = new Query(cut < 0 ? "" : target[(cut + 1)..]);
        var inner = Path.TrimStart('/');
        var slash = inner.IndexOf('/', StringComparison.Ordinal);
        Bucket = slash < 0 ? inner : inner[..slash];
        Key = slash < 0 ? "" : inner[(slash + 1)..].TrimStart('/'); // a leading slash is dropped
    }

    public HttpContext Context { get; }

    public string Method => Context.Request.Method;

    /// <summary>Decoded, with its first slash.</summary>
    public string Path { get; }

    public Query Query { get; }

    /// <summary>Empty: the root.</summary>
    public string Bucket { get; }

    /// <summary>Empty: the bucket itself.</summary>
    public string Key { get; }

    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>Several of the same name are joined by a comma; null: there is none.</summary>
    public string? Header(string name) => Context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    public void SetHeader(string name, string? value)
    {
        if (value is not null)
            Context.Response.Headers[name] = value;
    }
}
