using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A Keycloak 26 as far as a resource server sees one: discovery, JWKS and client credentials of the realms ledger and
/// ledger-platform.</summary>
public sealed class KeycloakEmulator : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Dictionary<string, BuiltInRealm> realms;
    private readonly TimeProvider time;

    private KeycloakEmulator(WebApplication app, Dictionary<string, BuiltInRealm> realms, FaultSwitch faults, TimeProvider time)
        => (this.app, this.realms, Faults, this.time) = (app, realms, faults, time);

    /// <summary>Base address, without a path.</summary>
    public Uri Address => EmulatorHost.AddressOf(app);

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening; returns when requests are answered. The first start makes four RSA keys.</summary>
    public static async Task<KeycloakEmulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        StateFile.MakeDirectory(options.StateDirectory);
        var realms = BuiltInRealm.BuiltIn(options.StateDirectory, options.Time).ToDictionary(r => r.Name, StringComparer.Ordinal);
        var faults = new FaultSwitch();
        var server = new KeycloakServer(realms, options.Time);
        var app = await EmulatorHost.StartAsync(options, faults, _ => { }, server.HandleAsync, cancellationToken).ConfigureAwait(false);
        return new KeycloakEmulator(app, realms, faults, options.Time);
    }

    /// <summary>Starts with realms of one's own: discovery, tokens, the login page and the admin REST of what the files say.</summary>
    /// <exception cref="RealmImportException">A file that the real server would not start with.</exception>
    public static Task<KeycloakEmulator> StartAsync(EmulatorOptions options, KeycloakOptions keycloak, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(keycloak);
        foreach (var realm in RealmImport.Read(keycloak, options.StateDirectory, options.Time))
            realm.Dispose();
        return StartAsync(options, cancellationToken);
    }

    /// <summary>Claim <c>iss</c> of a realm's tokens as long as the emulator is called at <see cref="Address"/>.</summary>
    public string Issuer(string realm) => new Uri(Address, $"/realms/{realm}").AbsoluteUri;

    /// <summary>The secret of a client with a service account, the same after a restart.</summary>
    /// <exception cref="ArgumentException">No such realm or client.</exception>
    public string ClientSecret(string realm, string clientId)
        => RealmOf(realm) is var found && found.Clients.ContainsKey(clientId)
            ? found.SecretOf(clientId)
            : throw new ArgumentException($"realm {realm} has no client {clientId}", nameof(clientId));

    /// <summary>A signed access token with a lifetime of its own, beside the token endpoint.</summary>
    /// <exception cref="ArgumentException">The realm is not one of <c>ledger</c>, <c>ledger-platform</c>.</exception>
    public string MintToken(string realm, TokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return AccessToken.Minted(RealmOf(realm), request, Issuer(realm), time.GetUtcNow());
    }

    /// <summary>A new key signs from now on; the old one stays in the JWKS, so its tokens are good as long as they last.</summary>
    /// <exception cref="ArgumentException">No such realm.</exception>
    public void RotateKeys(string realm)
    {
        var keys = RealmOf(realm).Keys;
        keys.Add("rsa-rotated", keys.Signing.Priority + 1);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        foreach (var realm in realms.Values)
            realm.Dispose();
    }

    private BuiltInRealm RealmOf(string name)
        => realms.TryGetValue(name, out var realm) ? realm : throw new ArgumentException($"no realm {name}", nameof(name));
}
