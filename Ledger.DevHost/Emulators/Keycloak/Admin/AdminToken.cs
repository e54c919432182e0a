using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>Whose bearer token it is. All that is wrong with one has the same answer, without a challenge.</summary>
/// <param name="Realm">That issued it.</param>
/// <param name="User">Claim <c>sub</c>.</param>
/// <param name="Client">Claim <c>azp</c>.</param>
internal sealed record AdminToken(Realm Realm, RealmUser User, RealmClient Client)
{
    /// <exception cref="AdminRefusal">There is none that is good in any realm.</exception>
    public static AdminToken Read(HttpContext context, IReadOnlyDictionary<string, Realm> realms, DateTimeOffset now)
        => BearerToken.Of(context.Request) is { } token
            && realms.Values.Select(r => Of(r, token, context.Request, now)).FirstOrDefault(t => t is not null) is { } good
                ? good
                : throw new AdminRefusal(AdminAnswer.Error(401, "HTTP 401 Unauthorized"));

    private static AdminToken? Of(Realm realm, string token, HttpRequest request, DateTimeOffset now)
    {
        lock (realm.Gate)
        {
            return BearerToken.Check(realm, token, $"{request.Scheme}://{request.Host}/realms/{realm.Name}", now, out _) is { } good
                ? new AdminToken(realm, good.User, good.Client)
                : null;
        }
    }
}
