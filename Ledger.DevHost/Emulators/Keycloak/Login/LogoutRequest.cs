namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>A logout that the browser asked for without saying whose.</summary>
/// <param name="RootId">The browser's session.</param>
/// <param name="RedirectUri">Where to go afterwards; null: a page that says so.</param>
/// <param name="State">To be given back there.</param>
internal sealed record LogoutRequest(string RootId, string? RedirectUri, string? State);
