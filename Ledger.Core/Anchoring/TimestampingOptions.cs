namespace Ledger.Core.Anchoring;

/// <summary>Section <c>Timestamping</c>: the RFC 3161 authority. Required by a v2 log, which gives no time of its own.</summary>
public sealed class TimestampingOptions
{
    public const string Section = "Timestamping";

    /// <summary>Where it takes queries, e.g. <c>https://timestamp.sigstore.dev/api/v1/timestamp</c>.</summary>
    public Uri? Url { get; set; }

    /// <summary>Its certificates, pinned, leaf first and root last: PEM text, or the path of a file with it.</summary>
    public string? Certificates { get; set; }
}
