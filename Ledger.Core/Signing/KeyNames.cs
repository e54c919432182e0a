using Ledger.Core.Tenancy;

namespace Ledger.Core.Signing;

/// <summary>What a key may sign. One purpose, one key: the logs decide which algorithm.</summary>
public enum KeyPurpose
{
    /// <summary>Ed25519: the statements of entries.</summary>
    Entry,

    /// <summary>Ed25519: the notes of checkpoints.</summary>
    Checkpoint,

    /// <summary>ECDSA P-256, one per tenant: checkpoint bodies for transparency logs, and nothing else.</summary>
    Anchor,

    /// <summary>ECDSA P-256, one per tenant: payload digests for transparency logs.
    /// A writer chooses those, so it is never the anchor key.</summary>
    Payload,
}

/// <summary>The names of the keys in Vault, all from <see cref="VaultOptions.TransitKey"/>.</summary>
public sealed record KeyNames(string Entry)
{
    public string Checkpoint => Entry + "-checkpoint";

    public string Anchor(TenantId tenant) => $"{Entry}-anchor-{tenant}";

    public string Payload(TenantId tenant) => $"{Entry}-payload-{tenant}";
}

public static class KeyPurposes
{
    /// <summary>The purpose as the tables spell it.</summary>
    public static string SqlName(this KeyPurpose purpose) => purpose switch
    {
        KeyPurpose.Entry => "entry",
        KeyPurpose.Checkpoint => "checkpoint",
        KeyPurpose.Anchor => "anchor",
        _ => "payload",
    };

    public static KeyPurpose Parse(string name) => name switch
    {
        "entry" => KeyPurpose.Entry,
        "checkpoint" => KeyPurpose.Checkpoint,
        "anchor" => KeyPurpose.Anchor,
        "payload" => KeyPurpose.Payload,
        _ => throw new FormatException($"'{name}' is not a key purpose."),
    };

    /// <summary>Vault's key type.</summary>
    public static string VaultType(this KeyPurpose purpose) =>
        purpose is KeyPurpose.Entry or KeyPurpose.Checkpoint ? "ed25519" : "ecdsa-p256";
}
