using Ledger.Core.Anchoring;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Attestations;

/// <summary>What one transparency log is given of an attestation.</summary>
/// <param name="LogId">64 hex digits.</param>
/// <param name="Form">Null where the tenant's policy gives the logs nothing.</param>
public sealed record AttestationAnchoring(string LogId, string Backend, bool IsPrimary, AttestationForm? Form)
{
    /// <summary>Whether it becomes an entry of that log, of its own.</summary>
    public bool IsOwn => Form is AttestationForm.Dsse or AttestationForm.HashedRekord;

    /// <summary>As the API says it.</summary>
    public string Name => Form switch
    {
        AttestationForm.Dsse => "dsse",
        AttestationForm.HashedRekord => "hashedrekord",
        AttestationForm.CheckpointOnly => "checkpoint only",
        _ => "off",
    };

    /// <summary>One for each configured log.</summary>
    /// <param name="spki">The key that signed the attestation.</param>
    public static IReadOnlyList<AttestationAnchoring> Of(TransparencyLogs logs, AnchorPolicy policy, byte[] spki) =>
        [.. logs.All.Select(log => new AttestationAnchoring(log.Trusted.LogId.ToHex(), log.Backend, log.Ordinal == 0,
            policy.Anchor == AnchorMode.Off ? null : AttestedEnvelope.FormFor(log.Version, spki)))];
}
