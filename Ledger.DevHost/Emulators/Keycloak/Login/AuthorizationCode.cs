using Ledger.DevHost.Emulators.Keycloak.Sessions;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>A code that the login page handed out: good once, for <c>accessCodeLifespan</c> seconds.</summary>
/// <param name="Text"><c>uuid.session.client uuid</c>.</param>
/// <param name="Session">Whose.</param>
/// <param name="Client">For whom.</param>
/// <param name="RedirectUri">To be repeated at the exchange.</param>
/// <param name="Scopes">What was granted.</param>
/// <param name="Acr">The level of this login.</param>
/// <param name="Expires">End of its time.</param>
internal sealed record AuthorizationCode(
    string Text, UserSession Session, RealmClient Client, string RedirectUri, GrantedScopes Scopes, string Acr, DateTimeOffset Expires)
{
    public string? Nonce { get; init; }

    /// <summary>PKCE (RFC 7636); null: the client did without.</summary>
    public string? Challenge { get; init; }

    /// <summary>Whether the challenge is the SHA-256 of the verifier; else it is the verifier.</summary>
    public bool Hashed { get; init; } = true;

    public bool Spent { get; set; }
}
