using System.Text.Json;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;

namespace Ledger.Core.Operations;

/// <summary>Who did what to what.</summary>
/// <param name="Actor">The principal: <c>sub@issuer</c> of a token, <c>api-key:prefix</c> of a key.</param>
/// <param name="Action">A dotted verb, e.g. <c>entry.meta.erase</c>: the subject of the audit entry.</param>
/// <param name="Target">The id of the thing it was done to.</param>
/// <param name="Details">What else is to be known, e.g. the new role: at most 16 names of 1 to 32 characters <c>a-z0-9_</c>, values of at
/// most 1 024. Like the rest for good and shown to whoever reads the trail, so never a secret or an e-mail address.</param>
public sealed record AuditEvent(string Actor, string Action, string Target, IReadOnlyDictionary<string, string>? Details = null)
{
    public const int MostDetails = 16;
    public const int DetailNameCharacters = 32;
    public const int DetailCharacters = 1024;

    internal static readonly JsonLimits Limits = new(2, 64 * 1024);

    /// <summary>The RFC 8785 bytes: the meta of the audit entry, and what its payload_hash hashes.</summary>
    /// <remarks>Raw: <c>{"action":"person.role","actor":"3f…@ledger","at":"2026-11-22T10:00:00.000000Z",
    /// "details":{"role":"AUDITOR"},"target":"0193…","tenant":"demo"}</c>; without details no member <c>details</c>.</remarks>
    /// <exception cref="FormatException">Over the limits, or text that is not valid Unicode.</exception>
    public byte[] ToBytes(TenantId tenant, DateTimeOffset at)
    {
        var members = new Dictionary<string, object>
        {
            ["action"] = Action, ["actor"] = Actor, ["at"] = LedgerTime.Format(at), ["target"] = Target, ["tenant"] = tenant.Value,
        };
        if (Details is { Count: > 0 }) members["details"] = Checked(Details);
        var json = JsonSerializer.SerializeToUtf8Bytes(members);
        return Jcs.TryCanonicalize(json, Limits, out var canonical, out var failure) ? canonical
            : throw new FormatException($"An audit event that is not canonical JSON: {failure}.");
    }

    private static IReadOnlyDictionary<string, string> Checked(IReadOnlyDictionary<string, string> details) =>
        details.Count <= MostDetails && details.All(d => IsName(d.Key) && d.Value.Length <= DetailCharacters) ? details
            : throw new FormatException("An audit event's details are over their limits.");

    private static bool IsName(string name) =>
        name.Length is >= 1 and <= DetailNameCharacters && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
}
