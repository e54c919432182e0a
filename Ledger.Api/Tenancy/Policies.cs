using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>Who may do what within the tenant their token names, and who operates the ledger. Platform roles are in none of the tenants'
/// policies: they read no tenant data.</summary>
internal static class Policies
{
    public const string Writer = "writer";
    public const string Reader = "reader";
    public const string ClientAdmin = "client-admin";

    /// <summary>Looks at the state of every tenant's work; no tenant is needed.</summary>
    public const string Operator = "operator";

    /// <summary>Acts on it.</summary>
    public const string PlatformAdmin = "platform-admin";

    /// <summary>Acts that cannot be taken back or that lift a guard; stands beside the policy of who may. Today any token will do: how
    /// fresh its auth_time must be is asked for here, and nowhere else.</summary>
    public const string Sensitive = "sensitive";

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Writer, policy => policy.AddRequirements(new TenantRole(Roles.ClientAdmin, Roles.ClientTech)));
        options.AddPolicy(Reader, policy => policy.AddRequirements(TenantRole.Reader));
        options.AddPolicy(ClientAdmin, policy => policy.AddRequirements(new TenantRole(Roles.ClientAdmin)));
        options.AddPolicy(Operator, policy => policy.RequireClaim(Roles.ClaimType, Roles.PlatformAdmin, Roles.BillingOperator));
        options.AddPolicy(PlatformAdmin, policy => policy.RequireClaim(Roles.ClaimType, Roles.PlatformAdmin));
        options.AddPolicy(Sensitive, policy => policy.RequireAuthenticatedUser());
    }
}

/// <summary>One of these roles, and a token that names exactly one tenant of this ledger.</summary>
internal sealed class TenantRole(params string[] roles) : IAuthorizationRequirement
{
    public static readonly TenantRole Reader = new(Roles.ClientAdmin, Roles.ClientTech, Roles.Auditor);

    public IReadOnlyList<string> AnyOf { get; } = roles;

    public bool IsMetBy(System.Security.Claims.ClaimsPrincipal user) => AnyOf.Any(role => user.HasClaim(Roles.ClaimType, role));
}
