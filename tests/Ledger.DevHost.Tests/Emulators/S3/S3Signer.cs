using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.DevHost.Tests.Emulators.S3;

/// <summary>AWS Signature Version 4 as a client makes it, written apart from the emulator's.</summary>
internal sealed record S3Signer(string AccessKey, string SecretKey, DateTimeOffset Now)
{
    public string Region { get; init; } = "us-east-1";

    public string Service { get; init; } = "s3";

    public string Stamp => Now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    public string Scope => $"{Stamp[..8]}/{Region}/{Service}/aws4_request";

    /// <summary>Signs with x-amz-date, x-amz-content-sha256, host and all other headers there are by now.</summary>
    public void Sign(HttpRequestMessage request, string payload)
    {
        request.Headers.Add("x-amz-date", Stamp);
        request.Headers.Add("x-amz-content-sha256", payload);
        var uri = request.RequestUri!;
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = uri.Authority };
        foreach (var (name, values) in request.Headers.Where(h => h.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)))
            headers[name.ToLowerInvariant()] = string.Join(',', values);
        var names = string.Join(';', headers.Keys);
        var signature = Signature(Canonical(request.Method, uri, headers, names, payload));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"AWS4-HMAC-SHA256 Credential={AccessKey}/{Scope}, SignedHeaders={names}, Signature={signature}");
    }

    /// <summary>A URL that anyone may use for a while.</summary>
    public Uri Presign(HttpMethod method, Uri uri, int seconds)
    {
        var query = $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{AccessKey}/{Scope}")}"
            + $"&X-Amz-Date={Stamp}&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host";
        var unsigned = new Uri($"{uri}{(uri.Query.Length > 0 ? "&" : "?")}{query}");
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = uri.Authority };
        return new Uri($"{unsigned}&X-Amz-Signature={Signature(Canonical(method, unsigned, headers, "host", "UNSIGNED-PAYLOAD"))}");
    }

    public static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string Canonical(
        HttpMethod method, Uri uri, SortedDictionary<string, string> headers, string names, string payload)
    {
        var query = string.Join('&', uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Contains('=', StringComparison.Ordinal) ? p : p + "=").OrderBy(p => p.Split('=')[0], StringComparer.Ordinal));
        var lines = string.Concat(headers.Select(h => $"{h.Key}:{h.Value.Trim()}\n"));
        return $"{method}\n{uri.AbsolutePath}\n{query}\n{lines}\n{names}\n{payload}";
    }

    private string Signature(string canonical)
    {
        var key = Scope.Split('/').Aggregate(
            Encoding.UTF8.GetBytes("AWS4" + SecretKey), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        var text = $"AWS4-HMAC-SHA256\n{Stamp}\n{Scope}\n{Hash(Encoding.UTF8.GetBytes(canonical))}";
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
    }
}
