using System.Globalization;
using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Verify.Entries;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Operations;

/// <summary>The query of GET /admin/api/v1/audit.</summary>
/// <param name="Action">Such as <c>api-key.add</c>, or <c>api-key.*</c> for all that begin so.</param>
internal sealed record AuditQuery(
    [FromQuery(Name = "tenant")] string? Tenant, [FromQuery(Name = "actor")] string? Actor, [FromQuery(Name = "action")] string? Action,
    [FromQuery(Name = "target")] string? Target, [FromQuery(Name = "from")] string? From, [FromQuery(Name = "to")] string? To,
    [FromQuery(Name = "cursor")] string? Cursor, [FromQuery(Name = "limit")] string? Limit)
{
    private const string Every = ".*";

    /// <summary>What a cursor is good for: no filter holds U+0000.</summary>
    public string List => string.Join('\0', "audit", Tenant, Actor, Action, Target, From, To);

    /// <exception cref="LedgerProblemException">invalid-parameter.</exception>
    public AuditFilter ToFilter()
    {
        var action = QueryValue.Text(Action, "action");
        var noun = action?.EndsWith(Every, StringComparison.Ordinal) == true ? action[..^Every.Length] : null;
        if (noun is not null && (noun.Length == 0 || noun.Contains('.') || noun.Contains('*')))
            throw new LedgerProblemException(ProblemTypes.InvalidParameter,
                "'action' must be an action such as api-key.add, or what stands before its first dot and '.*'.", "action");
        return new AuditFilter(QueryValue.Text(Tenant, "tenant"), QueryValue.Text(Actor, "actor"), noun is null ? action : null, noun,
            QueryValue.Text(Target, "target"), QueryValue.Time(From, "from"), QueryValue.Time(To, "to"));
    }

    /// <summary>The place as a cursor has it: <c>2026-11-22T10:00:00.000000Z 1 41</c>.</summary>
    public static string Text(AuditPlace place) =>
        string.Create(CultureInfo.InvariantCulture, $"{LedgerTime.Format(place.At)} {place.Epoch} {place.Seq}");

    public static AuditPlace Place(string text) =>
        text.Split(' ') is [var at, var epoch, var seq] && LedgerTime.TryParse(at, out var time)
            ? new AuditPlace(time, int.Parse(epoch, CultureInfo.InvariantCulture), long.Parse(seq, CultureInfo.InvariantCulture))
            : throw new FormatException("A cursor of the audit trail has three parts.");
}
