using System.Text.Json.Serialization;
using Ledger.Core.Anchoring;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;

namespace Ledger.Api.Anchoring;

/// <summary>How far a tenant's anchoring is, in its current epoch.</summary>
/// <param name="CoveredSeq">The highest seq that a checkpoint covers; -1 where none is.</param>
/// <param name="AnchoredSeq">The highest seq that a transparency log covers; -1 where none is.</param>
/// <param name="OldestUnanchoredAt">When the first entry beyond that was made; null where every entry is anchored.</param>
/// <param name="PendingSince">Since when a checkpoint waits for a transparency log; null where none does.</param>
/// <param name="Cause">Why, by the last failure: config, network or log; null where nothing failed.</param>
/// <param name="DeadLetters">Anchor jobs that gave up and wait for an operator.</param>
public sealed record TenantAnchoringBody(string Tenant, int Epoch, string Anchor, string Fail, long CoveredSeq, long AnchoredSeq,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? OldestUnanchoredAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? PendingSince,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Cause, string? LastError, long DeadLetters)
{
    internal static TenantAnchoringBody Of(TenantAnchoring state) => new(state.Tenant.Value, state.Epoch, state.Policy.Anchor.Name(),
        state.Policy.Fail.Name(), state.CoveredSeq, state.AnchoredSeq, WatchedLogBody.Time(state.OldestUnanchoredAt),
        WatchedLogBody.Time(state.PendingSince), state.Cause, state.LastError, state.DeadLetters);
}

/// <summary>A transparency log as the workers met it last.</summary>
/// <param name="Primary">Whether it is the first that is configured.</param>
/// <param name="Configured">False where the workers' configuration names it no more.</param>
/// <param name="QuarantineReason">What it showed, with both signed notes.</param>
public sealed record WatchedLogBody(string Id, string Backend, string Url, bool Primary, bool Configured,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? QuarantinedAt, string? QuarantineReason, string? LastSuccessAt,
    string? LastFailureAt, string? LastError, string? LastErrorClass)
{
    internal static WatchedLogBody Of(WatchedLog log) => new(log.Id, log.Backend, log.Url, log.Ordinal == 0, log.Ordinal is not null,
        Time(log.QuarantinedAt), log.QuarantineReason, Time(log.LastSuccessAt), Time(log.LastFailureAt), log.LastError, log.LastErrorClass);

    internal static string? Time(DateTimeOffset? at) => at is { } time ? LedgerTime.Format(time) : null;
}

/// <param name="Logs">The transparency logs, primary first; the same on every page.</param>
/// <param name="Items">Tenants by id.</param>
public sealed record AnchoringBody(IReadOnlyList<WatchedLogBody> Logs, IReadOnlyList<TenantAnchoringBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
