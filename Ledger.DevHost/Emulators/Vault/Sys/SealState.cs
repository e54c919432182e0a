using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Vault.Answers;

namespace Ledger.DevHost.Emulators.Vault.Sys;

/// <summary>Whether it is sealed, and the one share that opens it (a dev server has 1 of 1). It starts unsealed, as a dev server
/// does.</summary>
internal sealed class SealState
{
    public SealState(string stateDirectory)
    {
        var file = Path.Combine(stateDirectory, "seal.json");
        var stored = StateFile.Read<Stored>(file);
        if (stored is null)
        {
            var clusterId = AnswerWriter.NewId();
            stored = new Stored(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)), clusterId, "vault-cluster-" + clusterId[..8]);
            StateFile.Write(file, stored);
        }
        (UnsealKey, ClusterId, ClusterName) = stored;
    }

    /// <summary>32 bytes in hex.</summary>
    public string UnsealKey { get; }

    public string ClusterId { get; }

    public string ClusterName { get; }

    public bool IsSealed { get; set; }

    private sealed record Stored(string UnsealKey, string ClusterId, string ClusterName);
}
