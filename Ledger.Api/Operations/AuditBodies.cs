using System.Text.Json.Serialization;
using Ledger.Core.Operations;
using Ledger.Verify.Entries;

namespace Ledger.Api.Operations;

/// <summary>Who did what to what, and where in the log it stands.</summary>
/// <param name="Seq">Of the entry, in the epoch.</param>
/// <param name="Id">The entry's: <c>/admin/api/v1/audit/{id}/bundle</c> proves it offline.</param>
/// <param name="At">When it was done; of an event that cannot be read, when it entered the log.</param>
/// <param name="Tenant">Whose act it was; <c>platform-audit</c>: the service's own.</param>
/// <param name="Actor">The principal: <c>sub@issuer</c> of a token, <c>api-key:prefix</c> of a key.</param>
/// <param name="Action">A dotted verb; <c>audit.unreadable</c> where the log holds what is no event.</param>
/// <param name="PayloadHash">SHA-256 of the event's RFC 8785 bytes: the entry's own payload_hash.</param>
public sealed record AuditEventBody(
    long Seq, int Epoch, string Id, string At, string? Tenant, string? Actor, string Action, string? Target,
    IReadOnlyDictionary<string, string>? Details, string PayloadHash)
{
    internal static AuditEventBody Of(AuditItem item)
    {
        var what = item.Recorded?.Event;
        return new AuditEventBody(item.Place.Seq, item.Place.Epoch, item.Id.ToString(), LedgerTime.Format(item.Place.At),
            item.Recorded?.Tenant, what?.Actor, what?.Action ?? AuditRows.Unreadable, what?.Target, what?.Details,
            item.PayloadHash.ToHex());
    }
}

/// <summary>The newest checkpoint of the trail's log: an entry with a smaller seq is under it.</summary>
/// <param name="Origin">Whose tree; <c>/log/platform-audit/</c> serves it.</param>
/// <param name="Size">Entries under the checkpoint.</param>
public sealed record AuditHeadBody(string Origin, int Epoch, long Size);

/// <summary>The newest act first.</summary>
public sealed record AuditList(IReadOnlyList<AuditEventBody> Items, AuditHeadBody Head,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
