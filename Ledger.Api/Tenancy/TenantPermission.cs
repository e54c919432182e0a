using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>A scope or a role, and a token that names exactly one tenant of this ledger.</summary>
internal sealed class TenantPermission : IAuthorizationRequirement
{
    public static readonly TenantPermission Reader = ByScope(Scopes.EntriesRead);

    private readonly string? scope;
    private readonly IReadOnlyList<string> roles;

    private TenantPermission(string? scope, params IReadOnlyList<string> roles) => (this.scope, this.roles) = (scope, roles);

    /// <summary>The scope itself, or a role that stands for it.</summary>
    public static TenantPermission ByScope(string scope) =>
        new(scope, [.. Scopes.OfRoles.Where(role => role.Value.Contains(scope)).Select(role => role.Key)]);

    public static TenantPermission ByRole(string role) => new(null, role);

    public bool IsMetBy(ClaimsPrincipal user) =>
        (scope is not null && user.HasClaim(LedgerClaims.Scope, scope)) || roles.Any(role => user.HasClaim(LedgerClaims.Role, role));
}
