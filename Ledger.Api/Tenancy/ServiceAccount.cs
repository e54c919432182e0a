using System.Security.Claims;

namespace Ledger.Api.Tenancy;

/// <summary>Tells the token of a client's own account, got with its secret (Keycloak's client_credentials), from a token that a person got
/// through the same client.</summary>
internal static class ServiceAccount
{
    private const string NamePrefix = "service-account-";

    /// <summary>A person's token belongs to a session (<c>sid</c>), a service account's never; and the realm's one user
    /// <c>service-account-&lt;client&gt;</c> is the account itself, so that nobody else can bear the name.</summary>
    public static bool Is(ClaimsPrincipal user, out string client)
    {
        client = Only(user, "azp") ?? "";
        return client.Length > 0 && !user.HasClaim(claim => claim.Type is "sid" or "session_state" or "auth_time")
            && string.Equals(Only(user, "preferred_username"), NamePrefix + client, StringComparison.OrdinalIgnoreCase);
    }

    private static string? Only(ClaimsPrincipal user, string type) =>
        user.FindAll(type).Take(2).ToList() is [{ ValueType: ClaimValueTypes.String } claim] ? claim.Value : null;
}
