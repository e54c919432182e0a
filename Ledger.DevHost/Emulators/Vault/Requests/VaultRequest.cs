using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Vault.Tokens;

namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>What a request does to its path; Vault calls a write without an existence check always an update.</summary>
internal enum Operation
{
    Read,
    Update,
    Delete,
    List,
    Unsupported,
}

/// <summary>One request past the body check and the token check.</summary>
/// <param name="Operation">From the method; GET with <c>list=true</c> lists.</param>
/// <param name="Path">Decoded, without <c>/v1/</c>: <c>transit/sign/ledger-ed25519</c>. Lists end in a slash.</param>
/// <param name="Fields">Body, form or query.</param>
/// <param name="Fault">What it was told to do wrong.</param>
internal sealed record VaultRequest(Operation Operation, string Path, Fields Fields, FaultMode Fault)
{
    /// <summary>Whoever asks; set by the token check, missing on the few open paths.</summary>
    public Token? Token { get; init; }
}
