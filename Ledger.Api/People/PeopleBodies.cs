using System.Text.Json.Serialization;
using Ledger.Core.People;
using Ledger.Verify.Entries;

namespace Ledger.Api.People;

/// <summary>What is sent to invite. Only documents the body: it is read by hand, strictly.</summary>
/// <param name="Email">At most 254 characters; the user name, in lower case.</param>
/// <param name="FirstName">1 to 100 characters; no web address.</param>
/// <param name="LastName">As the first.</param>
/// <param name="Role">CLIENT_ADMIN, CLIENT_TECH or AUDITOR.</param>
/// <param name="IdentityProvider">The person signs in there, and has no password.</param>
public sealed record InvitationRequest(string Email, string FirstName, string LastName, string Role,
    InvitedLink? IdentityProvider = null);

/// <param name="Alias">Keycloak's name of the provider, one of those that the tenant may use.</param>
/// <param name="UserId">The person's id there.</param>
public sealed record InvitedLink(string Alias, string UserId, string UserName);

/// <summary>What an operator sends to invite an administrator of a tenant.</summary>
public sealed record AdministratorRequest(string Email, string FirstName, string LastName);

/// <param name="Token">The whole code, as the mail has it.</param>
public sealed record AcceptRequest(string Token);

/// <param name="Role">CLIENT_ADMIN, CLIENT_TECH or AUDITOR.</param>
public sealed record RoleRequest(string Role);

/// <param name="UserId">The person's id at the provider.</param>
public sealed record LinkRequest(string UserId, string UserName);

/// <param name="PersonId"><c>/api/v1/users/{id}</c>.</param>
/// <param name="State"><c>pending</c> (no mail went out yet), <c>sent</c>, <c>accepted</c>, <c>revoked</c> or <c>expired</c>.</param>
/// <param name="ExpiresAt">When the newest code ends; null before the first mail.</param>
/// <param name="Applied">Whether Keycloak has the person as they are wanted.</param>
/// <param name="LastError">Why it has not: <c>keycloak-unavailable</c> (it goes on by itself), <c>keycloak-refused</c> (an operator has to
/// act), <c>address-unavailable</c> (the address belongs to somebody else there), <c>unknown-identity-provider</c> (the realm has none of
/// that alias). Null otherwise.</param>
public sealed record InvitationBody(
    string Id, string PersonId, string Email, string Role, string State, string InvitedBy, string CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? SentAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AcceptedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RevokedAt,
    bool Applied, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastError)
{
    internal static InvitationBody Of(Invitation invitation, DateTimeOffset now) => new(
        invitation.Id.ToString(), invitation.PersonId.ToString(), invitation.Email, invitation.Role,
        invitation.StateAt(now).ToString().ToLowerInvariant(), invitation.InvitedBy, LedgerTime.Format(invitation.CreatedAt),
        PersonBody.TimeOf(invitation.ExpiresAt), PersonBody.TimeOf(invitation.SentAt), PersonBody.TimeOf(invitation.AcceptedAt),
        PersonBody.TimeOf(invitation.RevokedAt), invitation.IsApplied, invitation.LastError);
}

/// <summary>Newest first.</summary>
public sealed record InvitationList(IReadOnlyList<InvitationBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <param name="Subject">Keycloak's id, the <c>sub</c> of the person's tokens; null until Keycloak has the user.</param>
/// <param name="State"><c>invited</c>, <c>active</c> or <c>disabled</c>.</param>
/// <param name="Applied">Whether Keycloak has the person as they are wanted. That a disabled one is refused here does not wait for
/// it.</param>
/// <param name="AppliedAt">When Keycloak last had them so.</param>
/// <param name="LastError">As for invitations.</param>
public sealed record PersonBody(
    string Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Subject, string Email, string FirstName,
    string LastName, string Role, string State, bool Applied,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AppliedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastError,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? JoinedAt, string CreatedAt, string ChangedAt)
{
    internal static PersonBody Of(Person person) => new(
        person.Id.ToString(), person.Subject, person.Email, person.FirstName, person.LastName, person.Role,
        person.JoinedAt is null ? "invited" : person.Enabled ? "active" : "disabled", person.IsApplied, TimeOf(person.AppliedAt),
        person.LastError, TimeOf(person.JoinedAt), LedgerTime.Format(person.CreatedAt), LedgerTime.Format(person.ChangedAt));

    internal static string? TimeOf(DateTimeOffset? at) => at is { } time ? LedgerTime.Format(time) : null;
}

/// <summary>Newest first; nobody whose invitation ended.</summary>
public sealed record PersonList(IReadOnlyList<PersonBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>A link that is wanted; Keycloak may have others, which the person made.</summary>
public sealed record LinkBody(string Alias, string UserId, string UserName, bool Applied)
{
    internal static LinkBody Of(ProviderLink link, Person person) => new(link.Alias, link.UserId, link.UserName, person.IsApplied);
}

/// <summary>By alias.</summary>
public sealed record LinkList(IReadOnlyList<LinkBody> Items);
