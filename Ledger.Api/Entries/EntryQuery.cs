using Ledger.Api.Operations;
using Ledger.Core.Entries;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Entries;

/// <summary>The filters of GET /entries; all that are given must hold.</summary>
/// <param name="Subject">To the letter.</param>
/// <param name="PayloadHash">64 lower-case hex digits.</param>
/// <param name="From">Appended at or after this RFC 3339 time.</param>
/// <param name="To">Appended before this RFC 3339 time.</param>
/// <param name="Anchored">true or false.</param>
internal sealed record EntryQuery(
    [FromQuery(Name = "subject")] string? Subject, [FromQuery(Name = "payload_hash")] string? PayloadHash,
    [FromQuery(Name = "from")] string? From, [FromQuery(Name = "to")] string? To,
    [FromQuery(Name = "anchored")] string? Anchored, [FromQuery(Name = "cursor")] string? Cursor,
    [FromQuery(Name = "limit")] string? Limit)
{
    public EntryFilter ToFilter() =>
        new(QueryValue.Text(Subject, "subject"), QueryValue.Hash(PayloadHash, "payload_hash"),
            QueryValue.Time(From, "from"), QueryValue.Time(To, "to"), QueryValue.Flag(Anchored, "anchored"));
}
