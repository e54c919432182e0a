using Ledger.Verify.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>One row per field of a bundle: what is bound is refused by its code, what is not is named.</summary>
public sealed class SigstoreTamperTests
{
    private static readonly byte[] Artifact = "an artifact\n"u8.ToArray();
    private static readonly VirtualSigner Signer = new("signer");
    private static readonly VirtualLog V1 = VirtualLog.Rekor1().Fill(4);
    private static readonly VirtualLog V2 = VirtualLog.Rekor2().Fill(4);
    private static readonly VirtualTsa Tsa = new();
    private static readonly TrustedRoot Root = new([V1.Trusted, V2.Trusted], [Tsa.Trusted]);
    private static readonly SigstoreBundle One = VirtualAnchor.Of(V1, Signer, Artifact);
    private static readonly SigstoreBundle Two = VirtualAnchor.Of(V2, Signer, Artifact, Tsa);
    private static readonly SigstoreBundle Sealed = VirtualAnchor.OfStatement(V1, Signer, VirtualAnchor.Statement(Digest.Sha256(Artifact)));

    private static readonly (string Name, SigstoreBundle Bundle, string Check, FailureCode Code)[] Bound =
    [
        ("message digest", One with { Message = One.Message! with { Digest = Digest.Zero } },
            CheckNames.PayloadDigest, FailureCode.ArtifactMismatch),
        ("no message digest", One with { Message = One.Message with { Digest = null } },
            CheckNames.PayloadDigest, FailureCode.MessageDigestMissing),
        ("message signature", One with { Message = One.Message with { Signature = Flip(One.Message.Signature) } },
            CheckNames.Signature, FailureCode.SignatureInvalid),
        ("message signature in the log", One with { Message = One.Message with { Signature = Signer.Sign(Artifact) } },
            CheckNames.LogBody, FailureCode.LogBodySignatureMismatch),
        ("no entry", One with { Entries = [] }, CheckNames.LogInclusion, FailureCode.LogEntryMissing),
        ("entry twice", One with { Entries = [One.Entries[0], One.Entries[0]] }, CheckNames.LogInclusion, FailureCode.LogEntryRepeated),
        ("33 entries", One with { Entries = [.. Enumerable.Range(0, 33).Select(i => One.Entries[0] with { LogIndex = i })] },
            CheckNames.LogInclusion, FailureCode.LogEntryRepeated),
        ("log id", In(One, e => e with { LogId = Digest.Zero }), CheckNames.LogCheckpointSignature, FailureCode.LogUnknown),
        ("log id of another log", In(One, e => e with { LogId = V2.Trusted.LogId }),
            CheckNames.LogCheckpointSignature, FailureCode.NoteKeyUnknown),
        ("global index", In(One, e => e with { LogIndex = e.LogIndex + 1 }), CheckNames.Set, FailureCode.SetInvalid),
        ("v2 index", In(Two, e => e with { LogIndex = 3 }), CheckNames.LogInclusion, FailureCode.InclusionProofLength),
        ("kind", In(One, e => e with { Kind = "dsse" }), CheckNames.LogBody, FailureCode.LogBodyKindUnknown),
        ("version", In(One, e => e with { Version = "0.0.2" }), CheckNames.LogBody, FailureCode.LogBodyKindUnknown),
        ("integrated time", In(One, e => e with { IntegratedTime = e.IntegratedTime + 1 }), CheckNames.Set, FailureCode.SetInvalid),
        ("integrated time before the key", In(One, e => e with { IntegratedTime = 1 }), CheckNames.Set, FailureCode.SetOutOfValidity),
        ("promise", In(One, e => e with { SignedEntryTimestamp = Flip(e.SignedEntryTimestamp!) }), CheckNames.Set, FailureCode.SetInvalid),
        ("promise on v2", In(Two, e => e with { SignedEntryTimestamp = [1] }), CheckNames.Set, FailureCode.SetInvalid),
        ("body", In(One, e => e with { CanonicalizedBody = [.. e.CanonicalizedBody, (byte)'\n'] }),
            CheckNames.LogInclusion, FailureCode.InclusionRootMismatch),
        ("body of nothing", In(One, e => e with { CanonicalizedBody = [] }), CheckNames.LogBody, FailureCode.LogBodyMalformed),
        ("body of a filler", In(One, _ => V1.Entry(0)), CheckNames.LogBody, FailureCode.LogBodyKindUnknown),
        ("v1 proof index", Proof(One, p => p with { LogIndex = 2 }), CheckNames.LogInclusion, FailureCode.InclusionProofLength),
        ("proof index beyond the tree", Proof(One, p => p with { LogIndex = 5 }),
            CheckNames.LogInclusion, FailureCode.InclusionIndexOutOfRange),
        ("v1 root hash", Proof(One, p => p with { RootHash = Digest.Zero }), CheckNames.LogInclusion, FailureCode.LogRootMismatch),
        ("v1 tree size", Proof(One, p => p with { TreeSize = 8 }), CheckNames.LogInclusion, FailureCode.InclusionProofLength),
        ("a hash of the path", Proof(One, p => p with { Hashes = [Digest.Zero, .. p.Hashes.Skip(1)] }),
            CheckNames.LogInclusion, FailureCode.InclusionRootMismatch),
        ("a hash more", Proof(Two, p => p with { Hashes = [.. p.Hashes, Digest.Zero] }),
            CheckNames.LogInclusion, FailureCode.InclusionProofLength),
        ("a hash fewer", Proof(Two, p => p with { Hashes = [.. p.Hashes.SkipLast(1)] }),
            CheckNames.LogInclusion, FailureCode.InclusionProofLength),
        ("checkpoint of another size", Proof(Two, p => p with { Checkpoint = V2.Checkpoint(3) }),
            CheckNames.LogInclusion, FailureCode.InclusionIndexOutOfRange),
        ("checkpoint text", Proof(Two, p => p with { Checkpoint = p.Checkpoint.Replace("\n5\n", "\n6\n", StringComparison.Ordinal) }),
            CheckNames.LogCheckpointSignature, FailureCode.NoteSignatureInvalid),
        ("checkpoint origin", Proof(Two, p => p with { Checkpoint = V2.Note("elsewhere", 5, V2.Root(5)) }),
            CheckNames.LogCheckpointSignature, FailureCode.LogOriginMismatch),
        ("no checkpoint", Proof(Two, p => p with { Checkpoint = "none" }), CheckNames.LogCheckpointSignature, FailureCode.NoteMalformed),
        ("checkpoint of nobody",
            Proof(Two, p => p with { Checkpoint = p.Checkpoint.Replace("\u2014 rekor2", "\u2014 rekor3", StringComparison.Ordinal) }),
            CheckNames.LogCheckpointSignature, FailureCode.NoteKeyUnknown),
        ("payload", Letter(e => e with { Payload = [.. e.Payload, (byte)' '] }), CheckNames.Signature, FailureCode.SignatureInvalid),
        ("payload in the log", Letter(e => e with { Payload = [.. e.Payload, (byte)' '] }),
            CheckNames.LogBody, FailureCode.LogBodyDigestMismatch),
        ("payload type", Letter(e => e with { PayloadType = "text/plain" }), CheckNames.PayloadDigest, FailureCode.PayloadTypeUnknown),
        ("payload that is no statement", Letter(e => e with { Payload = "{}"u8.ToArray() }),
            CheckNames.PayloadDigest, FailureCode.StatementMalformed),
        ("envelope signature", Letter(e => e with { Signatures = [e.Signatures[0] with { Signature = Flip(e.Signatures[0].Signature) }] }),
            CheckNames.Signature, FailureCode.SignatureInvalid),
        ("key id", Letter(e => e with { Signatures = [e.Signatures[0] with { KeyId = "key" }] }),
            CheckNames.Signature, FailureCode.KeyIdMismatch),
        ("no signature", Letter(e => e with { Signatures = [] }), CheckNames.Signature, FailureCode.SignatureCount),
        ("two signatures", Letter(e => e with { Signatures = [e.Signatures[0], e.Signatures[0]] }),
            CheckNames.Signature, FailureCode.SignatureCount),
        ("timestamp", Two with { Timestamps = [[1]] }, CheckNames.Timestamp, FailureCode.TimestampMalformed),
        ("timestamp of something else", Two with { Timestamps = [Tsa.Stamp(Artifact)] },
            CheckNames.Timestamp, FailureCode.TimestampImprintMismatch),
        ("no timestamp", Two with { Timestamps = [] }, CheckNames.Timestamp, FailureCode.TimestampMissing),
    ];

    /// <summary>What cosign does not look at either; the ledger's own bundles are held to these by <see cref="LogEntryChecks"/>.</summary>
    private static readonly (string Name, SigstoreBundle Bundle)[] Unbound =
    [
        ("hint", One with { Hint = "another" }),
        ("no hint", One with { Hint = null }),
        ("no promise", In(One, e => e with { SignedEntryTimestamp = null })),
        ("global index without a promise", In(One, e => e with { SignedEntryTimestamp = null, LogIndex = 7 })),
        ("integrated time on v2", In(Two, e => e with { IntegratedTime = 1 })),
        ("v2 proof index", Proof(Two, p => p with { LogIndex = 3 })),
        ("v2 root hash", Proof(Two, p => p with { RootHash = Digest.Zero })),
        ("v2 tree size", Proof(Two, p => p with { TreeSize = 4 })),
    ];

    public static TheoryData<string> BoundNames => [.. Bound.Select(row => row.Name)];

    public static TheoryData<string> UnboundNames => [.. Unbound.Select(row => row.Name)];

    [Theory, MemberData(nameof(BoundNames))]
    public void A_changed_field_is_refused_with_its_code(string name)
    {
        var (_, bundle, check, code) = Bound.Single(row => row.Name == name);
        var report = Verify(bundle, timestamps: check == CheckNames.Timestamp);
        Assert.Equal(Verdict.Failed, report.Verdict);
        Assert.Equal(code, report[check].Code);
    }

    [Theory, MemberData(nameof(UnboundNames))]
    public void A_field_that_binds_nothing_may_say_anything(string name) =>
        Assert.Equal(Verdict.Verified, Verify(Unbound.Single(row => row.Name == name).Bundle).Verdict);

    [Fact]
    public void The_unchanged_bundles_are_verified()
    {
        foreach (var bundle in new[] { One, Two, Sealed }) Assert.Equal(Verdict.Verified, Verify(bundle, bundle == Two).Verdict);
    }

    [Fact]
    public void A_timestamp_that_is_not_asked_for_and_not_right_is_noted()
    {
        var report = Verify(Two with { Timestamps = [Tsa.Stamp(Artifact)] });
        Assert.Equal(CheckOutcome.Absent, report[CheckNames.Timestamp].Outcome);
        Assert.Equal(["timestamp: timestamp-imprint-mismatch"], report.Notes);
    }

    [Fact]
    public void An_entry_that_is_passed_over_is_noted()
    {
        var report = Verify(One with { Entries = [One.Entries[0], V2.Entry(4) with { LogId = Digest.Zero }] });
        Assert.Equal(Verdict.Verified, report.Verdict);
        Assert.Equal(["log entry passed over: log-unknown"], report.Notes);
    }

    [Fact]
    public void Another_artifact_another_key_and_no_log_are_refused()
    {
        var report = new SigstoreVerifier(Signer.Spki, Root).Verify(One, ArtifactDigests.Of("other"u8));
        Assert.Equal(FailureCode.ArtifactMismatch, report[CheckNames.PayloadDigest].Code);
        Assert.Equal(FailureCode.SignatureInvalid, report[CheckNames.Signature].Code);
        report = new SigstoreVerifier(new VirtualSigner("other").Spki, Root).Verify(One, ArtifactDigests.Of(Artifact));
        Assert.Equal(FailureCode.SignatureInvalid, report[CheckNames.Signature].Code);
        Assert.Equal(FailureCode.LogBodyKeyMismatch, report[CheckNames.LogBody].Code);
        report = new SigstoreVerifier(Signer.Spki, new TrustedRoot([], [])).Verify(One, ArtifactDigests.Of(Artifact));
        Assert.Equal(FailureCode.LogUnknown, report[CheckNames.LogCheckpointSignature].Code);
        Assert.Equal(FailureCode.CheckpointNotVerified, report[CheckNames.LogInclusion].Code);
    }

    private static SigstoreReport Verify(SigstoreBundle bundle, bool timestamps = false) =>
        new SigstoreVerifier(Signer.Spki, Root).Verify(bundle, ArtifactDigests.Of(Artifact), timestamps);

    private static SigstoreBundle In(SigstoreBundle bundle, Func<LogEntry, LogEntry> change) =>
        bundle with { Entries = [change(bundle.Entries[0])] };

    private static SigstoreBundle Proof(SigstoreBundle bundle, Func<LogInclusion, LogInclusion> change) =>
        In(bundle, entry => entry with { Inclusion = change(entry.Inclusion) });

    private static SigstoreBundle Letter(Func<BundledEnvelope, BundledEnvelope> change) =>
        Sealed with { Envelope = change(Sealed.Envelope!) };

    private static byte[] Flip(byte[] bytes) => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];
}
