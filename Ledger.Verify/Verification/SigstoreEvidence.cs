using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>What the steps of one verification of a Sigstore bundle share.</summary>
internal sealed class SigstoreEvidence
{
    private readonly SigstoreEntry[] _entries;
    private readonly List<string> _notes = [];

    public SigstoreEvidence(SigstoreBundle bundle, ArtifactDigests artifact, byte[] spki, TrustedRoot root, bool useSignedTimestamps)
    {
        (Bundle, Artifact, Spki, UseSignedTimestamps) = (bundle, artifact, spki, useSignedTimestamps);
        KeyId = Signing.Spki.TryReadEd25519(spki, out var raw) ? SshFingerprint.OfEd25519(raw) : SshFingerprint.OfEcdsaP256(spki);
        Pae = bundle.Envelope is { } envelope ? Dsse.Pae(envelope.PayloadType, envelope.Payload) : null;
        Signature = bundle.Message?.Signature ?? (bundle.Envelope?.Signatures is [var first, ..] ? first.Signature : []);
        _entries = [.. bundle.Entries.Take(Limits.LogEntries).Select(entry => SigstoreEntry.Judge(entry, this, root.LogOf(entry.LogId)))];
        foreach (var entry in _entries.Where(entry => entry.PassedOver is not null && _entries.Any(other => other.Counts)))
            _notes.Add($"log entry passed over: {entry.PassedOver!.Value.Text()}");
        Stamp(root);
    }

    public SigstoreBundle Bundle { get; }

    public ArtifactDigests Artifact { get; }

    /// <summary>The signer's key.</summary>
    public byte[] Spki { get; }

    /// <summary>Its SSH fingerprint, the one key id that an envelope may name.</summary>
    public string KeyId { get; }

    /// <summary>What an envelope's signature covers; null for a message.</summary>
    public byte[]? Pae { get; }

    /// <summary>The bundle's one signature, or an envelope's first.</summary>
    public byte[] Signature { get; }

    public bool UseSignedTimestamps { get; }

    public bool HasTimestamp { get; private set; }

    /// <summary>Why no timestamp could be verified; null where there is one, or none at all.</summary>
    public FailureCode? TimestampFailure { get; private set; }

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>One entry twice would be two witnesses.</summary>
    public bool HasRepeatedEntries =>
        Bundle.Entries.Count > Limits.LogEntries
        || Bundle.Entries.DistinctBy(entry => (entry.LogId, entry.LogIndex)).Count() != Bundle.Entries.Count;

    /// <summary>
    /// One step over all entries. Entries of a log that the trusted root does not name, and those whose promise is wrong, are passed over
    /// where another one counts; where none does, the step says what is wrong with the nearest to it.
    /// </summary>
    public Result Of(Func<SigstoreEntry, Result> step)
    {
        var counted = _entries.Where(entry => entry.Counts).ToArray();
        if (counted.Length == 0) counted = [.. _entries.OrderBy(entry => entry.PassedOver == FailureCode.LogUnknown).Take(1)];
        var results = counted.Concat(_entries.Where(entry => entry.IsUnreadable)).Select(step).ToArray();
        if (results.Any(result => result.Outcome == CheckOutcome.Fail)) return results.First(result => result.Outcome == CheckOutcome.Fail);
        return results.Any(result => result.Outcome == CheckOutcome.Pass) ? Result.Pass : Result.Absent;
    }

    private void Stamp(TrustedRoot root)
    {
        var failures = new List<FailureCode>();
        foreach (var timestamp in Bundle.Timestamps.Take(Limits.Timestamps))
        {
            if (TimestampToken.Verify(timestamp, Signature, root.TimestampAuthorities, out _) is { } failure) failures.Add(failure);
            else HasTimestamp = true;
        }

        if (Bundle.Timestamps.Count > Limits.Timestamps) (HasTimestamp, failures) = (false, [FailureCode.TimestampMalformed]);
        if (!HasTimestamp && failures.Count > 0) TimestampFailure = failures[0];
        if (HasTimestamp || !UseSignedTimestamps) _notes.AddRange(failures.Select(failure => $"timestamp: {failure.Text()}"));
    }
}
