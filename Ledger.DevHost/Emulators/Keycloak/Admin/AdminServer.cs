namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>The admin REST: everything below <c>/admin/</c>.</summary>
/// <param name="realms">By name; hold <see cref="Realm.Gate"/> for a request as a whole.</param>
/// <param name="time">The clock of created users and passwords.</param>
internal sealed class AdminServer(IReadOnlyDictionary<string, Realm> realms, TimeProvider time)
{
    private readonly (IReadOnlyDictionary<string, Realm> Realms, TimeProvider Time) given = (realms, time);

    public Task HandleAsync(HttpContext context)
        => KeycloakAnswer.ErrorAsync(context, given.Realms.Count == 0 ? 404 : 401, "HTTP 401 Unauthorized");
}
