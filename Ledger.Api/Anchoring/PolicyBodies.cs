using System.Text.Json.Serialization;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Anchoring;

/// <summary>What is sent to change the policy. Only documents the body: it is read by hand, strictly.</summary>
/// <param name="Anchor"><c>checkpoint</c>, <c>entry</c> (which publishes every entry's payload_hash) or <c>off</c>.</param>
/// <param name="Entries">A checkpoint is anchored after this many new entries, 1 to 1 000 000 …</param>
/// <param name="Seconds">… or after so many seconds, 1 to 86 400, whichever is first.</param>
/// <param name="Fail"><c>open</c>, or <c>closed</c>: appends are 503 <c>witness-unavailable</c> while the oldest unanchored entry is older
/// than max_age_seconds.</param>
/// <param name="MaxAgeSeconds">Required where fail is closed: at least twice the effective interval.</param>
public sealed record PolicyRequest(string Anchor, int Entries = 1000, int Seconds = 60, string Fail = "open", int? MaxAgeSeconds = null);

/// <summary>The tenant's anchoring policy.</summary>
/// <param name="EffectiveSeconds">How often it can be kept at best: longer than <paramref name="Seconds"/> where the transparency log's
/// submission budget is shared by many tenants: then rounded up to a power of two.</param>
/// <param name="Notice">What the policy means to whoever chose it, where that may surprise.</param>
public sealed record PolicyBody(string Anchor, int Entries, int Seconds, string Fail,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? MaxAgeSeconds, long EffectiveSeconds, string? Notice = null)
{
    private const string Publishes = "Policy entry publishes the payload_hash of every entry in a public transparency log, for good: "
        + "whoever has a file can tell that it was recorded here, and when.";

    internal static PolicyBody Of(AnchorPolicy policy, TimeSpan effective) => new(policy.Anchor.Name(), policy.Entries, policy.Seconds,
        policy.Fail.Name(), policy.MaxAgeSeconds, (long)Math.Ceiling(effective.TotalSeconds),
        policy.Anchor == AnchorMode.Entry ? Publishes : null);
}
