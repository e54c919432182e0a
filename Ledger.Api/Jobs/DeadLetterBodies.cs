using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Core.Jobs;
using Ledger.Verify.Entries;

namespace Ledger.Api.Jobs;

/// <summary>A job that gave up.</summary>
/// <param name="Queue">Such as <c>checkpoints.to_anchor</c>.</param>
/// <param name="Attempts">Those that failed; network failures are among them, but never lead here.</param>
/// <param name="Position">Anchor jobs: the checkpoint's size, or the entry's seq.</param>
/// <param name="LogId">Anchor jobs: which transparency log.</param>
/// <param name="LastErrorClass"><c>config</c>, <c>network</c> or <c>log</c>.</param>
/// <param name="Errors">The kept attempts, oldest first.</param>
public sealed record DeadLetterBody(
    string Tenant, string Id, string Queue, int Attempts, int? Epoch, long? Position, string? LogId, JsonElement Args, string? LastError,
    string? LastErrorClass, JsonElement Errors, string CreatedAt, string DeadAt)
{
    internal static DeadLetterBody Of(DeadLetter letter) => new(
        letter.Tenant.Value, letter.Id.ToString(), letter.Queue, letter.Attempts, letter.Epoch, letter.Position, letter.TransparencyLog,
        JsonElement.Parse(letter.Args), letter.LastError, letter.LastErrorClass.SqlName(), JsonElement.Parse(letter.Errors),
        LedgerTime.Format(letter.CreatedAt), LedgerTime.Format(letter.DeadAt));
}

/// <summary>What a replay of many did.</summary>
/// <param name="Replayed">Jobs that are pending again.</param>
/// <param name="Left">Jobs of the same choice that are dead letters still: not wanted any more, or more than one call takes.</param>
public sealed record ReplayedBody(int Replayed, long Left);

/// <summary>All tenants', the latest to give up first.</summary>
public sealed record DeadLetterList(IReadOnlyList<DeadLetterBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
