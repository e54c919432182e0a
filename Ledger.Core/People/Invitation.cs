using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.People;

/// <summary>What became of an invitation, as the table spells it in lower case.</summary>
public enum InvitationState
{
    /// <summary>Its mail is not out yet.</summary>
    Pending,

    /// <summary>The mail server took a mail with a code.</summary>
    Sent,
    Accepted,
    Revoked,

    /// <summary>Nobody used the code in time.</summary>
    Expired,
}

/// <summary>An invitation of a person into a tenant.</summary>
/// <param name="Generation">Of the newest mail that is wanted, from 1.</param>
/// <param name="SentGeneration">Of the newest mail that went out; 0 before the first.</param>
/// <param name="InvitedBy">The principal who did.</param>
/// <param name="ExpiresAt">Of the newest code; null before the first.</param>
/// <param name="IsApplied">Whether Keycloak has the person as they are wanted now: before the first time, no mail goes out.</param>
/// <param name="LastError">Why it has not; null otherwise.</param>
public sealed record Invitation(
    TenantId Tenant, Guid Id, Guid PersonId, string Email, string Role, InvitationState State, int Generation,
    int SentGeneration, string InvitedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? SentAt,
    DateTimeOffset? AcceptedAt, DateTimeOffset? RevokedAt, bool IsApplied, string? LastError)
{
    /// <summary>Neither accepted nor revoked nor marked as expired; its code may have run out all the same.</summary>
    public bool IsOpen => State is InvitationState.Pending or InvitationState.Sent;

    /// <summary>What it is at an instant: the table learns of an expiry a little later.</summary>
    public InvitationState StateAt(DateTimeOffset now) => IsOpen && ExpiresAt <= now ? InvitationState.Expired : State;

    internal const string Columns = """
        i.tenant_id, i.id, i.person_id, i.email, i.role, i.state, i.generation, i.sent_generation, i.invited_by, i.created_at,
        i.expires_at, i.sent_at, i.accepted_at, i.revoked_at, p.applied_version = p.version, p.last_error
        """;

    internal const string Source = "invitations i JOIN people p ON p.tenant_id = i.tenant_id AND p.id = i.person_id";

    internal static Invitation Read(NpgsqlDataReader reader) => new(
        TenantId.Parse(reader.GetString(0)), reader.GetGuid(1), reader.GetGuid(2), reader.GetString(3), reader.GetString(4),
        Enum.Parse<InvitationState>(reader.GetString(5), ignoreCase: true), reader.GetInt32(6), reader.GetInt32(7),
        reader.GetString(8), reader.GetTime(9), Person.TimeOrNull(reader, 10), Person.TimeOrNull(reader, 11),
        Person.TimeOrNull(reader, 12), Person.TimeOrNull(reader, 13), reader.GetBoolean(14), reader.GetTextOrNull(15));
}
