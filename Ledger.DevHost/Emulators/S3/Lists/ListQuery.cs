using System.Globalization;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Lists;

/// <summary>What every list can be asked for.</summary>
internal sealed class ListQuery
{
    private const int Most = 1000;

    /// <exception cref="S3Refusal">A number or an encoding that is none.</exception>
    public ListQuery(S3Request request)
    {
        var query = request.Query;
        Prefix = query["prefix"] ?? "";
        Delimiter = query["delimiter"] ?? "";
        if (query["encoding-type"] is { } encoding && !encoding.Equals("url", StringComparison.OrdinalIgnoreCase))
            throw S3Error.InvalidArgument("encoding-type is url.").Refuse();
        Encoding = query["encoding-type"];
        MaxKeys = Number(query["max-keys"], "max-keys");
    }

    public string Prefix { get; }

    /// <summary>Keys that go on after it are listed as one; empty: none are.</summary>
    public string Delimiter { get; }

    /// <summary>0 to 1000.</summary>
    public int MaxKeys { get; }

    /// <summary>Null: names are as they are.</summary>
    public string? Encoding { get; }

    /// <summary>A name as it is shown.</summary>
    public string Shown(string name)
        => Encoding is null ? name : PercentText.Encoded(name, stays: "/* ").Replace(' ', '+');

    /// <summary>The common prefix a key is listed under; null: itself.</summary>
    public string? GroupOf(string key)
    {
        if (Delimiter.Length == 0)
            return null;
        var end = key.IndexOf(Delimiter, Prefix.Length, StringComparison.Ordinal);
        return end < 0 ? null : key[..(end + Delimiter.Length)];
    }

    private static int Number(string? text, string name)
    {
        if (string.IsNullOrEmpty(text))
            return Most;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, Most)
            : throw S3Error.InvalidArgument($"{name} is a number, not less than 0.").Refuse();
    }
}
