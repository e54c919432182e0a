using Ledger.Verify;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>The configured logs.</summary>
/// <param name="all">In the order of the configuration.</param>
/// <param name="root">What they and the timestamping authority are verified with.</param>
public sealed class TransparencyLogs(IReadOnlyList<ITransparencyLog> all, TrustedRoot root)
{
    /// <summary>Primary first; empty where nothing is anchored.</summary>
    public IReadOnlyList<ITransparencyLog> All { get; } = all;

    public ITransparencyLog? Primary => All.Count == 0 ? null : All[0];

    /// <summary>The Sigstore trusted root of the options: what trust.json and clients get.</summary>
    public TrustedRoot Root { get; } = root;

    public ITransparencyLog? Of(Digest logId) => All.FirstOrDefault(log => log.Trusted.LogId == logId);
}
