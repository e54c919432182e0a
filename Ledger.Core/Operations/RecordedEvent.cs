using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;

namespace Ledger.Core.Operations;

/// <summary>An audit event as the log has it: the meta of an entry.</summary>
/// <param name="Tenant">Whose act it was, as the event says.</param>
/// <param name="At">When it was done.</param>
/// <remarks>Raw: see <see cref="AuditEvent.ToBytes"/>.</remarks>
public sealed record RecordedEvent(string Tenant, DateTimeOffset At, AuditEvent Event)
{
    /// <summary>False for what is no event: not those members, not all of them, or text that a table or a subject cannot hold. Members that
    /// a later version adds do no harm.</summary>
    public static bool TryRead(byte[] bytes, [NotNullWhen(true)] out RecordedEvent? recorded)
    {
        recorded = null;
        try
        {
            using var json = JsonDocument.Parse(bytes);
            if (json.RootElement is not { ValueKind: JsonValueKind.Object } root
                || Text(root, "action") is not { } action || !SubjectName.IsValid(action)
                || Text(root, "actor") is not { } actor || Text(root, "target") is not { } target
                || Text(root, "tenant") is not { } tenant || !TenantId.TryParse(tenant, out _)
                || !LedgerTime.TryParse(Text(root, "at") ?? "", out var at) || !TryDetails(root, out var details)) return false;
            recorded = new RecordedEvent(tenant, at, new AuditEvent(actor, action, target, details));
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // InvalidOperationException: half of a surrogate pair, or bytes that are not UTF-8
        }
    }

    private static bool TryDetails(JsonElement root, out Dictionary<string, string>? details)
    {
        details = null;
        if (!root.TryGetProperty("details", out var members)) return true;
        if (members.ValueKind != JsonValueKind.Object) return false;
        details = [];
        foreach (var member in members.EnumerateObject())
        {
            if (Text(members, member.Name) is not { } value) return false;
            details[member.Name] = value;
        }
        return true;
    }

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text
            && !text.Contains('\0') ? text : null;
}
