using System.ComponentModel.DataAnnotations;

namespace Ledger.Api.Tenancy;

/// <summary>Section <c>RateLimits</c>: how often one process answers before it says 429. A tenant's own limit stands in its
/// row.</summary>
internal sealed class RateLimitOptions
{
    public const string Section = "RateLimits";

    /// <summary>Requests a second of one principal, 1 to 1 000 000; twice as many at once.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 1000;

    /// <summary>Requests a second from one address without a valid token, 1 to 1 000 000; twice as many at once.</summary>
    [Range(1, 1_000_000)]
    public int PublicRequestsPerSecond { get; set; } = 200;

    /// <summary>Tokens and API keys a second that are checked for one address though this process did not accept them lately,
    /// 1 to 1 000 000; twice as many at once.</summary>
    [Range(1, 1_000_000)]
    public int NewTokensPerSecond { get; set; } = 200;

    /// <summary>How often a minute one address may try to accept an invitation, 1 to 10 000.</summary>
    [Range(1, 10_000)]
    public int AcceptancesPerMinute { get; set; } = 10;
}
