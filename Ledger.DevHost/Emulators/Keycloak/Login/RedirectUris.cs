namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>Whether an address is among those that a client registered: equal, or below one that ends with <c>*</c>.</summary>
internal static class RedirectUris
{
    public static bool Allow(IEnumerable<string> registered, string? rootUrl, string address)
        => registered.Select(r => r.StartsWith('/') ? rootUrl + r : r).Any(r => r.EndsWith('*')
            ? address.StartsWith(r[..^1], StringComparison.Ordinal) && !address.Contains('#', StringComparison.Ordinal)
            : r == address);

    /// <summary>Attribute <c>post.logout.redirect.uris</c>: several are separated by <c>##</c>, <c>+</c> stands for the redirect
    /// URIs.</summary>
    public static bool AllowAfterLogout(RealmClient client, string address)
        => Allow((client.Attributes.GetValueOrDefault("post.logout.redirect.uris") ?? "").Split("##", StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(r => r == "+" ? client.RedirectUris : [r]), client.RootUrl, address);
}
