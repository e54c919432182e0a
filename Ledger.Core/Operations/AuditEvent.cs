using System.Text.Json;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;

namespace Ledger.Core.Operations;

/// <summary>Who did what to what.</summary>
/// <param name="Actor">The token's subject.</param>
/// <param name="Action">A dotted verb, e.g. <c>entry.meta.erase</c>: the subject of the audit entry.</param>
/// <param name="Target">The id of the thing it was done to.</param>
public sealed record AuditEvent(string Actor, string Action, string Target)
{
    /// <summary>The RFC 8785 bytes: the meta of the audit entry, and what its payload_hash hashes.</summary>
    /// <remarks>Raw:
    /// <c>{"action":"entry.meta.erase","actor":"3f…","at":"2026-11-22T10:00:00.000000Z","target":"0193…","tenant":"demo"}</c></remarks>
    public byte[] ToBytes(TenantId tenant, DateTimeOffset at)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["action"] = Action, ["actor"] = Actor, ["at"] = LedgerTime.Format(at), ["target"] = Target, ["tenant"] = tenant.Value,
        });
        return Jcs.TryCanonicalize(json, new JsonLimits(2, 16 * 1024), out var canonical, out var failure) ? canonical
            : throw new FormatException($"An audit event that is not canonical JSON: {failure}.");
    }
}
