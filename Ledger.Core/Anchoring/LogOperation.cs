namespace Ledger.Core.Anchoring;

/// <summary>What calls to a log are for, in metrics: a path names entries, and there may be any number of those.</summary>
internal static class LogOperation
{
    /// <summary><c>submit</c>, <c>search</c>, <c>entry</c>, <c>consistency</c>, <c>head</c>, <c>tile</c>, or <c>stamp</c> of an authority
    /// for timestamps.</summary>
    /// <remarks>Raw: <c>GET api/v1/log/entries/24296fb24b8ad77a…</c>, <c>POST api/v2/log/entries</c></remarks>
    public static string Of(HttpMethod method, string path) => path switch
    {
        "" => "stamp",
        "api/v1/log/entries" or "api/v2/log/entries" when method == HttpMethod.Post => "submit",
        "api/v1/log/entries/retrieve" or "api/v1/index/retrieve" => "search",
        "api/v1/log" or "api/v2/checkpoint" => "head",
        _ when path.StartsWith("api/v1/log/proof", StringComparison.Ordinal) => "consistency",
        _ when path.StartsWith("api/v1/log/entries", StringComparison.Ordinal) => "entry",
        _ => "tile",
    };
}
