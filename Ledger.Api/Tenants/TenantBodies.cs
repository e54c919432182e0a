using System.Text.Json.Serialization;
using Ledger.Core.Tenancy;
using Ledger.Core.Tenants;
using Ledger.Verify.Entries;

namespace Ledger.Api.Tenants;

/// <summary>What is sent to ask for a tenant. Only documents the body: it is read by hand, strictly.</summary>
/// <param name="Tenant"><c>[a-z0-9][a-z0-9-]{0,53}</c>; names that begin with platform- or receipts- are reserved.</param>
/// <param name="Name">As people call it, at most 200 characters.</param>
/// <param name="LogPublic">Whether everybody may read its log.</param>
/// <param name="Admin">Who is invited as its first CLIENT_ADMIN.</param>
public sealed record TenantRequest(string Tenant, string? Name = null, bool LogPublic = false, TenantAdmin? Admin = null);

/// <param name="Email">Where the invitation goes.</param>
public sealed record TenantAdmin(string Email, string FirstName, string LastName);

/// <param name="Reason">1 to 500 characters; kept in the audit trail for good, so no e-mail address.</param>
public sealed record SuspendRequest(string Reason);

/// <summary>What an operator grants a tenant; null where it has no limit of its own.</summary>
/// <param name="RequestsPerSecond">Of all its callers together, in each API process: 1 to 1 000 000.</param>
/// <param name="People">People who are not disabled, invited ones included: 0 to 1 000 000.</param>
/// <param name="ApiKeys">API keys that are neither revoked nor expired: 0 to 1 000 000.</param>
/// <param name="IdentityProviders">Keycloak's names of those that the tenant's people may be linked to: at most 10 of 1 to 100 letters,
/// digits, '-', '_' and '.'; where none is named, nobody is linked anew.</param>
public sealed record TenantLimitsBody(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? RequestsPerSecond = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? People = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? ApiKeys = null,
    IReadOnlyList<string>? IdentityProviders = null);

/// <summary>A tenant as operators see it: nothing of its data.</summary>
/// <param name="State"><c>opening</c>, <c>active</c> or <c>suspended</c>.</param>
/// <param name="Suspended">Only while it is suspended.</param>
/// <param name="Opening">Only while it is not open yet: the job that opens it.</param>
public sealed record TenantBody(string Tenant, string? Name, string State, bool LogPublic, TenantLimitsBody Limits, string CreatedAt,
    SuspensionBody? Suspended, OpeningBody? Opening)
{
    internal static TenantBody Of(TenantView tenant) => new(tenant.Tenant.Value, tenant.Name, tenant.State.SqlName(), tenant.IsPublic,
        new TenantLimitsBody(tenant.Limits.RequestsPerSecond, tenant.Limits.People, tenant.Limits.ApiKeys,
            tenant.Limits.IdentityProviders),
        LedgerTime.Format(tenant.CreatedAt),
        tenant.Suspension is { } suspension ? new SuspensionBody(LedgerTime.Format(suspension.Since), suspension.Reason) : null,
        tenant.Opening is { } job ? new OpeningBody(job.Id.ToString(), job.Status, job.Attempts, job.LastError,
            job.NextTryAt is { } next ? LedgerTime.Format(next) : null) : null);
}

public sealed record SuspensionBody(string Since, string Reason);

/// <param name="Job">Its id, also among the dead letters once it gave up.</param>
/// <param name="Status"><c>pending</c>, <c>running</c>, or <c>dead_letter</c>: it gave up and waits for an operator.</param>
/// <param name="LastError">Why the last attempt failed.</param>
public sealed record OpeningBody(string Job, string Status, int Attempts, string? LastError, string? NextTryAt);

/// <summary>By name.</summary>
public sealed record TenantList(IReadOnlyList<TenantBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
