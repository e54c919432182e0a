using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Vault.Pace;
using Ledger.DevHost.Emulators.Vault.Tokens;

namespace Ledger.DevHost.Emulators.Vault;

/// <summary>A HashiCorp Vault 1.21 dev server as far as a ledger sees one: transit signing keys, tokens, policies, mounts, health,
/// seal.</summary>
public sealed class VaultEmulator : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly VaultState state;
    private readonly ServiceTime serviceTime;

    private VaultEmulator(WebApplication app, VaultState state, ServiceTime serviceTime, FaultSwitch faults)
        => (this.app, this.state, this.serviceTime, Faults) = (app, state, serviceTime, faults);

    /// <summary>Base address, without a path: VAULT_ADDR.</summary>
    public Uri Address => EmulatorHost.AddressOf(app);

    /// <summary>The token that may do everything; the same after a restart.</summary>
    public string RootToken => state.Tokens.Root.Id;

    /// <summary>The one share (32 bytes, hex) that ends a seal: <c>PUT /v1/sys/unseal {"key":…}</c>.</summary>
    public string UnsealKey => state.Seal.UnsealKey;

    /// <summary>How it is told to fail.</summary>
    public FaultSwitch Faults { get; }

    /// <summary>Calls of sign so far.</summary>
    public long SignCalls => state.Counters.Calls;

    /// <summary>Signatures asked for so far, items of batches one by one.</summary>
    public long Signatures => state.Counters.Signatures;

    /// <summary>Null: as fast as it can. Set: each sign call takes at least so long.</summary>
    public SignCost? SignCost
    {
        get => serviceTime.Cost;
        set => serviceTime.Cost = value;
    }

    /// <summary>Starts listening; returns when requests are answered.</summary>
    public static Task<VaultEmulator> StartAsync(EmulatorOptions options, CancellationToken cancellationToken) =>
        StartAsync(options, new DevServerOptions(), cancellationToken);

    /// <summary>The same with what a dev server can be told.</summary>
    public static async Task<VaultEmulator> StartAsync(EmulatorOptions options, DevServerOptions vault, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(vault);
        var state = new VaultState(options, vault.RootToken);
        var faults = new FaultSwitch();
        var serviceTime = new ServiceTime();
        var server = new VaultServer(state, faults, serviceTime, options.Time);
        var app = await EmulatorHost.StartAsync(
            options, faults, app => VaultControl.Map(app, state.Counters, serviceTime), server.HandleAsync, cancellationToken)
                .ConfigureAwait(false);
        return new VaultEmulator(app, state, serviceTime, faults);
    }

    /// <summary>
    /// A token limited to <paramref name="policyName"/> (and <c>default</c>) that does not expire; the same one, over restarts too,
    /// as long as it is not revoked. The policy may be written before or after, through the API.
    /// </summary>
    public string MintToken(string policyName)
    {
        ArgumentException.ThrowIfNullOrEmpty(policyName);
        var tokens = state.Tokens;
        var token = tokens.FindMinted(policyName) ?? tokens.Add(new Token
        {
            Id = "hvs.CAES" + TokenStore.RandomText(87),
            Accessor = TokenStore.RandomText(24),
            Policies = ["default", policyName],
            DisplayName = "token-" + policyName,
            IssuedAt = tokens.Now,
            Orphan = true,
            MintedFor = policyName,
        });
        return token.Id;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync().ConfigureAwait(false);
        serviceTime.Dispose();
    }
}
