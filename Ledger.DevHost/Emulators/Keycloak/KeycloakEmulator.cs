using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A Keycloak 26 as far as a resource server sees one: discovery, JWKS and client credentials of two realms.</summary>
public sealed class KeycloakEmulator : IAsyncDisposable
{
    private readonly WebApplication app;

    private KeycloakEmulator(WebApplication app) => this.app = app;

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static async Task<KeycloakEmulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        var app = builder.Build();
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new KeycloakEmulator(app);
    }

    /// <summary>Base address, without a path.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; } = new();

    /// <summary>Claim <c>iss</c> of a realm's tokens: <c>{Address}/realms/{realm}</c>.</summary>
    public string Issuer(string realm) => new Uri(Address, $"/realms/{realm}").AbsoluteUri;

    /// <summary>A signed access token with a lifetime of its own, beside the token endpoint.</summary>
    /// <exception cref="ArgumentException">The realm is not one of <c>ledger</c>, <c>ledger-platform</c>.</exception>
    public string MintToken(string realm, TokenRequest request) => throw new NotSupportedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
