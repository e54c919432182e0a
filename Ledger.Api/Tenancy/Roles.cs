using System.Security.Claims;
using System.Text.Json;

namespace Ledger.Api.Tenancy;

/// <summary>The realm roles this API knows, as Keycloak puts them:
/// <c>"realm_access":{"roles":["CLIENT_TECH","offline_access"]}</c>.</summary>
internal static class Roles
{
    public const string ClientAdmin = "CLIENT_ADMIN";
    public const string ClientTech = "CLIENT_TECH";
    public const string Auditor = "AUDITOR";
    public const string PlatformAdmin = "PLATFORM_ADMIN";
    public const string BillingOperator = "BILLING_OPERATOR";

    /// <summary>What an issuer's tokens may carry unless its configuration names others.</summary>
    public static readonly IReadOnlyList<string> OfTenants = [ClientAdmin, ClientTech, Auditor];

    public static readonly IReadOnlyList<string> All = [.. OfTenants, PlatformAdmin, BillingOperator];

    /// <summary>Replaces the identity's roles and scopes by those in <c>realm_access</c> that its issuer may give. Anything but an object
    /// with a list of strings gives none.</summary>
    public static void TakeFrom(ClaimsIdentity identity, IReadOnlySet<string> allowed)
    {
        foreach (var forged in identity.FindAll(claim => claim.Type is LedgerClaims.Role or LedgerClaims.Scope).ToList())
            identity.RemoveClaim(forged);
        foreach (var role in Read(identity.FindFirst("realm_access")?.Value).Where(allowed.Contains).Distinct())
            identity.AddClaim(new Claim(Scopes.All.Contains(role) ? LedgerClaims.Scope : LedgerClaims.Role, role));
    }

    private static List<string> Read(string? json)
    {
        var roles = new List<string>();
        if (json is null) return roles;
        try
        {
            using var access = JsonDocument.Parse(json);
            if (access.RootElement.ValueKind != JsonValueKind.Object || !access.RootElement.TryGetProperty("roles", out var list)
                || list.ValueKind != JsonValueKind.Array) return roles;
            foreach (var role in list.EnumerateArray())
            {
                if (role.ValueKind == JsonValueKind.String) roles.Add(role.GetString()!);
            }
        }
        catch (JsonException)
        {
            // A claim of another shape: no roles.
        }
        return roles;
    }
}
