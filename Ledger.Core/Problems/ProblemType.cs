namespace Ledger.Core.Problems;

/// <summary>One kind of failure a caller can see: a stable slug, its HTTP status and what it means.
/// RFC 9457 `type` is <c>urn:ledger:problem:&lt;slug&gt;</c>.</summary>
/// <param name="RetryAfterSeconds">Sent as Retry-After where waiting helps; null elsewhere.</param>
public sealed record ProblemType(string Slug, int Status, string Meaning, int? RetryAfterSeconds = null)
{
    public const string UrnPrefix = "urn:ledger:problem:";

    public string Urn => UrnPrefix + Slug;

    public override string ToString() => Slug;
}
