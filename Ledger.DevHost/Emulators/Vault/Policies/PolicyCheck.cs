using Ledger.DevHost.Emulators.Vault.Requests;
using Ledger.DevHost.Emulators.Vault.Tokens;

namespace Ledger.DevHost.Emulators.Vault.Policies;

/// <summary>May this token do this?</summary>
internal sealed class PolicyCheck(PolicyStore policies)
{
    // Paths that Vault keeps for root and for the capability sudo.
    private static readonly string[] Protected = ["sys/seal", "auth/token/create-orphan", "auth/token/accessors", "auth/token/accessors/",
        "auth/token/revoke-orphan", "sys/raw/"];

    public bool Allows(Token token, Operation operation, string path)
    {
        if (token.IsRoot)
            return true;
        var allowed = policies.CapabilitiesOn(token.Policies, path);
        if (operation == Operation.List && allowed is ["deny"])
            allowed = policies.CapabilitiesOn(token.Policies, path.TrimEnd('/'));
        var needed = operation switch
        {
            Operation.Read => "read",
            Operation.Update => "update",
            Operation.Delete => "delete",
            Operation.List => "list",
            _ => "",
        };
        return allowed.Contains(needed) && (!Protected.Contains(path) || allowed.Contains("sudo"));
    }

    public IReadOnlyList<string> CapabilitiesOf(Token token, string path)
        => token.IsRoot ? ["root"] : policies.CapabilitiesOn(token.Policies, path);
}
