namespace Ledger.Core.Attestations;

/// <summary>Every cap on attestations and on the keys they are accepted by. An envelope's is
/// <see cref="Anchoring.DsseEnvelope.MostBytes"/>.</summary>
public static class AttestationLimits
{
    /// <summary>Subjects of one statement; each becomes a row.</summary>
    public const int Subjects = 1000;

    /// <summary>Nesting of a statement.</summary>
    public const int StatementDepth = 64;

    /// <summary>Characters of a predicate type: a URI.</summary>
    public const int PredicateTypeCharacters = 1024;

    /// <summary>Unrevoked keys of one tenant: an envelope without a keyid is tried with each.</summary>
    public const int Keys = 100;

    /// <summary>Unicode code points of a key's name; at least one.</summary>
    public const int KeyNameCharacters = 256;

    /// <summary>Bytes of the body that registers a key.</summary>
    public const int KeyBodyBytes = 16 * 1024;
}
