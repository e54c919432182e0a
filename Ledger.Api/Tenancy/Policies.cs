using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>Who may do what within the tenant their token names. Platform roles are in none of them: they read no tenant data.</summary>
internal static class Policies
{
    public const string Writer = "writer";
    public const string Reader = "reader";
    public const string ClientAdmin = "client-admin";

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Writer, policy => policy.AddRequirements(new TenantRole(Roles.ClientAdmin, Roles.ClientTech)));
        options.AddPolicy(Reader, policy => policy.AddRequirements(TenantRole.Reader));
        options.AddPolicy(ClientAdmin, policy => policy.AddRequirements(new TenantRole(Roles.ClientAdmin)));
    }
}

/// <summary>One of these roles, and a token that names exactly one tenant of this ledger.</summary>
internal sealed class TenantRole(params string[] roles) : IAuthorizationRequirement
{
    public static readonly TenantRole Reader = new(Roles.ClientAdmin, Roles.ClientTech, Roles.Auditor);

    public IReadOnlyList<string> AnyOf { get; } = roles;

    public bool IsMetBy(System.Security.Claims.ClaimsPrincipal user) => AnyOf.Any(role => user.HasClaim(Roles.ClaimType, role));
}
