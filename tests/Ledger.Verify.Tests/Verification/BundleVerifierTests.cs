using System.Text;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

public sealed class BundleVerifierTests
{
    private static readonly Digest HelloWorld = Digest.Sha256(Encoding.UTF8.GetBytes(VirtualLedger.Payload));
    private static readonly TrustPolicy Unanchored = TrustPolicy.Default.WithoutAnchorsUnsafe();
    private readonly VirtualLedger _ledger = VirtualLedger.With(7);

    [Fact]
    public void A_sound_bundle_passes_every_check_that_it_has_parts_for()
    {
        var report = Judge(_ledger.BundleOf(0), HelloWorld);
        Assert.Equal(
            [
                "payload-digest pass", "statement-signature pass", "leaf pass", "inclusion pass", "checkpoint-signature pass", "meta pass",
                "anchor-signature absent", "log-inclusion absent", "log-checkpoint-signature absent", "set absent", "timestamp absent",
                "payload-anchor absent",
            ],
            report.Checks.Select(check => check.ToString()));
        Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
        Assert.True(report.PolicySatisfied);
    }

    [Fact]
    public void Without_an_anchor_the_default_policy_is_not_satisfied()
    {
        var report = new BundleVerifier(_ledger.Trust()).Verify(_ledger.BundleOf(0), TrustPolicy.Default);
        Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
        Assert.False(report.PolicySatisfied);
    }

    [Fact]
    public void Every_entry_verifies_under_every_checkpoint_that_covers_it()
    {
        for (var size = 1; size <= _ledger.Size; size++)
        {
            for (var seq = 0; seq < size; seq++) Assert.Equal(Verdict.VerifiedNotAnchored, Judge(_ledger.BundleOf(seq, size)).Verdict);
        }
    }

    [Fact]
    public void Another_artifact_is_refused() =>
        AssertFails(Judge(_ledger.BundleOf(0), Digest.Sha256("Hello World!"u8)), CheckNames.PayloadDigest, FailureCode.ArtifactMismatch);

    [Fact]
    public void Erased_metadata_is_absent_and_the_proof_still_holds()
    {
        var report = Judge(_ledger.BundleOf(3) with { Meta = null });
        Assert.Equal(CheckOutcome.Absent, report[CheckNames.Meta].Outcome);
        Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
    }

    [Fact]
    public void A_log_that_the_trust_file_does_not_name_is_refused() =>
        AssertFails(Judge(new VirtualLedger("other").Also(other => other.Append("s", "p")).BundleOf(0)), CheckNames.CheckpointSignature,
            FailureCode.OriginUnknown);

    [Fact]
    public void A_statement_of_another_tenant_in_this_log_is_refused()
    {
        _ledger.Append(_ledger.StatementOf("s", "p", null, out _) with { Tenant = "other" });
        AssertFails(Judge(_ledger.BundleOf(7)), CheckNames.Leaf, FailureCode.TenantMismatch);
    }

    [Fact]
    public void An_epoch_statement_belongs_at_seq_0()
    {
        var epoch = _ledger.StatementOf("epoch", "", null, out _, PredicateTypes.Epoch)
            with { PreviousCheckpoint = _ledger.CheckpointAt(7) };
        _ledger.Append(epoch);
        AssertFails(Judge(_ledger.BundleOf(7)), CheckNames.Leaf, FailureCode.EpochMisplaced);
    }

    [Fact]
    public void A_leaf_at_the_wrong_index_is_refused()
    {
        var bundle = _ledger.BundleOf(2);
        AssertFails(Judge(bundle with { Proof = bundle.Proof with { LeafIndex = 3 } }), CheckNames.Leaf, FailureCode.LeafIndexMismatch);
        var moved = bundle with { Proof = bundle.Proof with { LeafIndex = 3 }, Leaf = bundle.Leaf with { Seq = 3 } };
        AssertFails(Judge(moved), CheckNames.Inclusion, FailureCode.InclusionRootMismatch);
    }

    [Fact]
    public void A_proof_one_hash_longer_or_shorter_is_refused()
    {
        var bundle = _ledger.BundleOf(2);
        var longer = bundle.Proof with { Hashes = [.. bundle.Proof.Hashes, Digest.Zero] };
        var shorter = bundle.Proof with { Hashes = [.. bundle.Proof.Hashes.SkipLast(1)] };
        AssertFails(Judge(bundle with { Proof = longer }), CheckNames.Inclusion, FailureCode.InclusionProofLength);
        AssertFails(Judge(bundle with { Proof = shorter }), CheckNames.Inclusion, FailureCode.InclusionProofLength);
    }

    [Fact]
    public void A_checkpoint_that_does_not_cover_the_entry_is_refused() =>
        AssertFails(Judge(_ledger.BundleOf(6) with { Checkpoint = _ledger.CheckpointAt(6) }), CheckNames.Inclusion,
            FailureCode.InclusionIndexOutOfRange);

    [Fact]
    public void Size_and_root_of_a_checkpoint_that_nobody_signed_are_not_used()
    {
        var forged = new Checkpoint(_ledger.Origin, _ledger.Size, _ledger.RootAt(_ledger.Size));
        var thief = new VerifierKey(_ledger.Origin, Ed25519.PublicKeyOf(_ledger.Seed("thief")));
        var note = new Note(forged.Body(),
            [thief.SignatureLine(Ed25519.Sign(_ledger.Seed("thief"), Encoding.UTF8.GetBytes(forged.Body())))]).Format();
        var report = Judge(_ledger.BundleOf(0) with { Checkpoint = note });
        AssertFails(report, CheckNames.CheckpointSignature, FailureCode.NoteKeyUnknown);
        AssertFails(report, CheckNames.Inclusion, FailureCode.CheckpointNotVerified);
    }

    [Fact]
    public void A_cosignature_by_somebody_else_is_ignored()
    {
        var witness = new VerifierKey("witness.example", Ed25519.PublicKeyOf(_ledger.Seed("witness")));
        Assert.True(Note.TryParse(_ledger.CheckpointAt(7), out var note, out _));
        var cosigned = (note with { Signatures = [.. note.Signatures, witness.SignatureLine(new byte[64])] }).Format();
        Assert.Equal(Verdict.VerifiedNotAnchored, Judge(_ledger.BundleOf(0) with { Checkpoint = cosigned }).Verdict);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_envelope_with_another_number_of_signatures_than_one_is_refused(int count)
    {
        var bundle = _ledger.BundleOf(0);
        var signatures = Enumerable.Repeat(bundle.Envelope.Signatures[0], count).ToArray();
        var report = Judge(bundle with { Envelope = bundle.Envelope with { Signatures = signatures } });
        AssertFails(report, CheckNames.StatementSignature, FailureCode.SignatureCount);
        AssertFails(report, CheckNames.Inclusion, FailureCode.SignatureCount);
    }

    [Fact]
    public void A_payload_type_other_than_in_toto_is_refused()
    {
        var bundle = _ledger.BundleOf(0);
        var report = Judge(bundle with { Envelope = bundle.Envelope with { PayloadType = "application/json" } });
        AssertFails(report, CheckNames.StatementSignature, FailureCode.PayloadTypeUnknown);
    }

    [Fact]
    public void A_signed_statement_of_an_unknown_predicate_type_is_refused()
    {
        _ledger.Append(_ledger.StatementOf("s", "p", null, out _, "urn:ledger:predicate:entry:v2"));
        AssertFails(Judge(_ledger.BundleOf(7)), CheckNames.StatementSignature, FailureCode.StatementPredicateUnknown);
    }

    [Theory]
    [InlineData(0, 2, true)]
    [InlineData(2, 2, true)]
    [InlineData(2, null, true)]
    [InlineData(0, 1, false)]
    [InlineData(3, null, false)]
    public void An_entry_key_signs_only_the_seqs_of_its_range(int from, int? to, bool accepted)
    {
        var log = _ledger.TrustedLog() with { EntryKeys = [new TrustedEntryKey(_ledger.EntryKeyId, _ledger.EntryKey, from, to)] };
        var report = new BundleVerifier(_ledger.Trust() with { Logs = [log] }).Verify(_ledger.BundleOf(2), Unanchored);
        if (accepted) Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
        else AssertFails(report, CheckNames.StatementSignature, FailureCode.EntryKeyOutOfRange);
    }

    [Theory]
    [InlineData(0, 7, true)]
    [InlineData(7, 7, true)]
    [InlineData(0, 6, false)]
    [InlineData(8, null, false)]
    public void A_checkpoint_key_signs_only_the_sizes_of_its_range(int from, int? to, bool accepted)
    {
        var log = _ledger.TrustedLog() with { CheckpointKeys = [new TrustedCheckpointKey(_ledger.CheckpointKey, from, to)] };
        var report = new BundleVerifier(_ledger.Trust() with { Logs = [log] }).Verify(_ledger.BundleOf(2), Unanchored);
        if (accepted) Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
        else AssertFails(report, CheckNames.CheckpointSignature, FailureCode.CheckpointKeyOutOfRange);
    }

    [Fact]
    public void A_key_under_the_id_of_another_is_refused_even_when_the_trust_file_says_so()
    {
        var stranger = Ed25519.PublicKeyOf(_ledger.Seed("stranger"));
        var log = _ledger.TrustedLog() with { EntryKeys = [new TrustedEntryKey(_ledger.EntryKeyId, stranger, 0)] };
        var report = new BundleVerifier(_ledger.Trust() with { Logs = [log] }).Verify(_ledger.BundleOf(2), Unanchored);
        AssertFails(report, CheckNames.StatementSignature, FailureCode.EntryKeyIdMismatch);
    }

    [Fact]
    public void An_entry_signed_before_a_rotation_verifies_after_it()
    {
        var newSeed = _ledger.Seed("entry-2");
        _ledger.Append(_ledger.StatementOf("after", "p", null, out _), seed: newSeed);
        var newKey = Ed25519.PublicKeyOf(newSeed);
        var log = _ledger.TrustedLog() with
        {
            EntryKeys = [new TrustedEntryKey(_ledger.EntryKeyId, _ledger.EntryKey, 0, 6),
                new TrustedEntryKey(SshFingerprint.OfEd25519(newKey), newKey, 7)],
        };
        var verifier = new BundleVerifier(_ledger.Trust() with { Logs = [log] });
        for (var seq = 0; seq < 8; seq++)
            Assert.Equal(Verdict.VerifiedNotAnchored, verifier.Verify(_ledger.BundleOf(seq), Unanchored).Verdict);
    }

    [Fact]
    public void Without_any_trust_the_best_verdict_is_self_consistent_only()
    {
        var report = BundleVerifier.WithoutTrustUnsafe().Verify(_ledger.BundleOf(0), Unanchored);
        Assert.Equal(Verdict.SelfConsistentOnly, report.Verdict);
        Assert.False(report.PolicySatisfied);
        Assert.Equal(CheckOutcome.Absent, report[CheckNames.StatementSignature].Outcome);
        Assert.Equal(CheckOutcome.Absent, report[CheckNames.CheckpointSignature].Outcome);
    }

    private VerificationReport Judge(Bundle bundle, Digest? artifact = null) =>
        new BundleVerifier(_ledger.Trust()).Verify(bundle, Unanchored, artifact);

    private static void AssertFails(VerificationReport report, string check, FailureCode code)
    {
        Assert.Equal(Check.Fail(check, code), report[check]);
        Assert.Equal(Verdict.Failed, report.Verdict);
        Assert.False(report.PolicySatisfied);
    }
}
