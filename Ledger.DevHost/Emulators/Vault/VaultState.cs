using Ledger.DevHost.Emulators.Vault.Policies;
using Ledger.DevHost.Emulators.Vault.Sys;
using Ledger.DevHost.Emulators.Vault.Tokens;
using Ledger.DevHost.Emulators.Vault.Transit;

namespace Ledger.DevHost.Emulators.Vault;

/// <summary>Everything an emulated Vault remembers, over a restart too; only being sealed it forgets.</summary>
internal sealed class VaultState
{
    public VaultState(EmulatorOptions options, string? rootToken)
    {
        StateFile.MakeDirectory(options.StateDirectory);
        Seal = new SealState(options.StateDirectory);
        Tokens = new TokenStore(options.StateDirectory, options.Time, rootToken);
        Policies = new PolicyStore(options.StateDirectory);
        Mounts = new MountTable(options.StateDirectory);
        Keys = new KeyStore(options.StateDirectory);
    }

    public SealState Seal { get; }
    public TokenStore Tokens { get; }
    public PolicyStore Policies { get; }
    public MountTable Mounts { get; }
    public KeyStore Keys { get; }
    public SignCounters Counters { get; } = new();
}
