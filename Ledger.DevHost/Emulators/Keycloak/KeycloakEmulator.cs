using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A Keycloak 26 as far as a ledger meets one: discovery, JWKS, tokens, the login page, logout and the admin REST of users, for
/// the realms of a folder of realm files. docs/emulators.md says what it does and what not.</summary>
public sealed class KeycloakEmulator : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Dictionary<string, Realm> realms;
    private readonly TimeProvider time;

    private KeycloakEmulator(WebApplication app, Dictionary<string, Realm> realms, FaultSwitch faults, TimeProvider time)
        => (this.app, this.realms, Faults, this.time) = (app, realms, faults, time);

    /// <summary>Base address, without a path.</summary>
    public Uri Address => EmulatorHost.AddressOf(app);

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Starts listening with the realms of a folder; returns when requests are answered. The first start makes two RSA keys a
    /// realm.</summary>
    /// <exception cref="RealmImportException">A file that the real server would not start with.</exception>
    public static Task<KeycloakEmulator> StartAsync(EmulatorOptions options, KeycloakOptions keycloak, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(keycloak);
        return StartedAsync(options, keycloak, cancellationToken);
    }

    /// <summary>Claim <c>iss</c> of a realm's tokens as long as the emulator is called at <see cref="Address"/>.</summary>
    public string Issuer(string realm) => new Uri(Address, $"/realms/{realm}").AbsoluteUri;

    /// <summary>The secret of a confidential client, the same after a restart.</summary>
    /// <exception cref="ArgumentException">No such realm, no such client, or a public one.</exception>
    public string ClientSecret(string realm, string clientId)
    {
        var found = RealmOf(realm);
        lock (found.Gate)
            return found.Clients.TryGetValue(clientId, out var client) && client.Secret is not null
                ? client.Secret
                : throw new ArgumentException($"realm {realm} has no client {clientId} with a secret", nameof(clientId));
    }

    /// <summary>A signed access token with a lifetime of its own, beside the token endpoint.</summary>
    /// <exception cref="ArgumentException">No such realm.</exception>
    public string MintToken(string realm, TokenRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return MintedToken.Of(RealmOf(realm), request, Issuer(realm), time.GetUtcNow());
    }

    /// <summary>A new key signs from now on; the old one stays in the JWKS, so its tokens are good as long as they last.</summary>
    /// <exception cref="ArgumentException">No such realm.</exception>
    public void RotateKeys(string realm) => KeycloakControl.Rotate(RealmOf(realm));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        foreach (var realm in realms.Values)
            realm.Dispose();
    }

    private static async Task<KeycloakEmulator> StartedAsync(
        EmulatorOptions options, KeycloakOptions keycloak, CancellationToken cancellationToken)
    {
        StateFile.MakeDirectory(options.StateDirectory);
        var realms = RealmImport.Read(keycloak, options.StateDirectory, options.Time).ToDictionary(r => r.Name, StringComparer.Ordinal);
        var faults = new FaultSwitch();
        var server = new KeycloakServer(realms, options.Time);
        var app = await EmulatorHost.StartAsync(
            options, faults, app => KeycloakControl.Map(app, realms), server.HandleAsync, cancellationToken).ConfigureAwait(false);
        return new KeycloakEmulator(app, realms, faults, options.Time);
    }

    private Realm RealmOf(string name)
        => realms.TryGetValue(name, out var realm) ? realm : throw new ArgumentException($"no realm {name}", nameof(name));
}
