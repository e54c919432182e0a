namespace Ledger.DevHost.Emulators.Timestamping;

/// <summary>Whose timestamps they are.</summary>
public sealed record AuthorityOptions
{
    /// <summary>The signer's private key, PEM: ECDSA.</summary>
    public required string SignerKey { get; init; }

    /// <summary>PEM certificates: that of the key first, each followed by its issuer's, a root last.</summary>
    public required string Certificates { get; init; }
}
