using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>Who may do what within the tenant their token names, and who operates the ledger. Platform roles are in none of the tenants'
/// policies: they read no tenant data.</summary>
internal static class Policies
{
    /// <summary>Scope <c>entries:write</c>.</summary>
    public const string Writer = "writer";

    /// <summary>Scope <c>entries:read</c>.</summary>
    public const string Reader = "reader";

    /// <summary>Scope <c>proofs:write</c>.</summary>
    public const string ProofWriter = "proof-writer";

    /// <summary>Scope <c>proofs:read</c>.</summary>
    public const string ProofReader = "proof-reader";

    /// <summary>By role alone: no scope administers a tenant.</summary>
    public const string ClientAdmin = "client-admin";

    /// <summary>Looks at the state of every tenant's work; no tenant is needed.</summary>
    public const string Operator = "operator";

    /// <summary>Acts on it.</summary>
    public const string PlatformAdmin = "platform-admin";

    /// <summary>Acts that cannot be taken back or that lift a guard; stands beside the policy of who may.</summary>
    public const string Sensitive = "sensitive";

    public static void Add(AuthorizationOptions options)
    {
        options.AddPolicy(Writer, policy => policy.AddRequirements(TenantPermission.ByScope(Scopes.EntriesWrite)));
        options.AddPolicy(Reader, policy => policy.AddRequirements(TenantPermission.Reader));
        options.AddPolicy(ProofWriter, policy => policy.AddRequirements(TenantPermission.ByScope(Scopes.ProofsWrite)));
        options.AddPolicy(ProofReader, policy => policy.AddRequirements(TenantPermission.ByScope(Scopes.ProofsRead)));
        options.AddPolicy(ClientAdmin, policy => policy.AddRequirements(TenantPermission.ByRole(Roles.ClientAdmin)));
        options.AddPolicy(Operator, policy => policy.AddRequirements(new OperatorPermission(Roles.PlatformAdmin, Roles.BillingOperator)));
        options.AddPolicy(PlatformAdmin, policy => policy.AddRequirements(new OperatorPermission(Roles.PlatformAdmin)));
        options.AddPolicy(Sensitive, policy => policy.AddRequirements(new FreshSignIn()));
    }
}
