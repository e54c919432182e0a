using Ledger.DevHost.Emulators.Keycloak.Sessions;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>What tokens are made of.</summary>
/// <param name="Realm">Whose keys sign.</param>
/// <param name="Client">For whom.</param>
/// <param name="User">Whose.</param>
/// <param name="Session">Null: client credentials, which have none and get no refresh token.</param>
/// <param name="Scopes">What was granted.</param>
/// <param name="Kind">End of the prefix of <c>jti</c>: <c>cc</c> client credentials, <c>ro</c> password, <c>ac</c> code, <c>rt</c>
/// refreshed.</param>
/// <param name="Acr">Claim <c>acr</c>.</param>
internal sealed record TokenGrant(
    Realm Realm, RealmClient Client, RealmUser User, UserSession? Session, GrantedScopes Scopes, string Kind, string Acr)
{
    /// <summary>Claim of the id token, as the authorization request gave it.</summary>
    public string? Nonce { get; init; }

    /// <summary>The line of refresh tokens this one continues; null: a new one.</summary>
    public string? ReuseId { get; init; }
}
