namespace Ledger.Verify.Entries;

/// <summary>What a statement says of its subject. The verifier knows no other types.</summary>
public static class PredicateTypes
{
    /// <summary>A fact that an application appended.</summary>
    public const string Entry = "urn:ledger:predicate:entry:v1";

    /// <summary>Someone else's DSSE envelope; the subject's name is <c>sha256:</c> and the hex digest of its bytes.</summary>
    public const string Attestation = "urn:ledger:predicate:attestation:v1";

    /// <summary>Entry 0 of a later epoch; it carries the note of the high-water mark of the one before.</summary>
    public const string Epoch = "urn:ledger:predicate:epoch:v1";

    public static bool IsKnown(string type) => type is Entry or Attestation or Epoch;
}
