using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>What anchors add to a bundle, and what they do not.</summary>
public sealed class BundleAnchorTests
{
    private readonly VirtualLedger _ledger = VirtualLedger.With(7);
    private readonly VirtualLog _v1 = VirtualLog.Rekor1().Fill(5);
    private readonly VirtualLog _v2 = VirtualLog.Rekor2().Fill(6);
    private readonly VirtualTsa _tsa = new();

    [Fact]
    public void A_checkpoint_in_Rekor_v1_is_verified() =>
        AssertChecks(Judge(Anchored(_ledger.AnchorAt(_v1, 7))), Verdict.Verified, "pass", "pass", "pass", "pass", "absent", "absent");

    [Fact]
    public void A_checkpoint_in_Rekor_v2_is_verified_and_stamped() =>
        AssertChecks(Judge(Anchored(_ledger.AnchorAt(_v2, 7, _tsa))), Verdict.Verified, "pass", "pass", "pass", "absent", "pass", "absent");

    [Fact]
    public void A_payload_in_a_log_never_makes_a_bundle_verified()
    {
        var bundle = _ledger.BundleOf(0) with { PayloadAnchors = [_ledger.PayloadAnchor(_v1, VirtualLedger.Payload)] };
        var report = Judge(bundle);
        AssertChecks(report, Verdict.VerifiedNotAnchored, "absent", "absent", "absent", "absent", "absent", "pass");
        Assert.False(report.PolicySatisfied);
        AssertChecks(Judge(bundle with { Anchors = [_ledger.AnchorAt(_v2, 7)] }), Verdict.Verified,
            "pass", "pass", "pass", "absent", "absent", "pass");
    }

    [Fact]
    public void A_payload_anchor_over_another_payload_is_refused() =>
        Assert.Equal(FailureCode.AnchorDigestMismatch,
            Judge(_ledger.BundleOf(0) with { PayloadAnchors = [_ledger.PayloadAnchor(_v1, "payload 1")] })[CheckNames.PayloadAnchor].Code);

    [Fact]
    public void An_anchor_by_a_payload_key_is_refused_and_the_reverse_too()
    {
        var anchor = VirtualAnchor.Of(_v1, _ledger.PayloadKey, _ledger.BodyAt(7)).ToBytes();
        Assert.Equal(FailureCode.AnchorKeyPurpose, Judge(Anchored(anchor))[CheckNames.AnchorSignature].Code);
        var payload = VirtualAnchor.Of(_v1, _ledger.AnchorKey, Encoding.UTF8.GetBytes(VirtualLedger.Payload)).ToBytes();
        Assert.Equal(FailureCode.AnchorKeyPurpose,
            Judge(_ledger.BundleOf(0) with { PayloadAnchors = [payload] })[CheckNames.PayloadAnchor].Code);
    }

    [Fact]
    public void An_anchor_of_another_checkpoint_is_refused_although_everything_about_it_is_right() =>
        AssertChecks(Judge(Anchored(_ledger.AnchorAt(_v1, 6))), Verdict.Failed, "fail anchor-digest-mismatch",
            "fail log-body-digest-mismatch", "pass", "pass", "absent", "absent");

    [Fact]
    public void An_earlier_anchored_checkpoint_serves_as_well()
    {
        var report = Judge(_ledger.BundleOf(2, 5) with { Anchors = [_ledger.AnchorAt(_v1, 5)] });
        Assert.Equal(Verdict.Verified, report.Verdict);
    }

    [Theory]
    [InlineData("v1", 1, 0, true)]
    [InlineData("v1", 2, 0, false)]
    [InlineData("v1 v1", 2, 0, false)]
    [InlineData("v1=v1", 2, 0, false)]
    [InlineData("v1 v2", 2, 0, true)]
    [InlineData("v1 v2", 3, 0, false)]
    [InlineData("v1", 1, 1, false)]
    [InlineData("v2+a", 1, 1, true)]
    [InlineData("v2+a", 1, 2, false)]
    [InlineData("v2+a v2+a", 1, 2, false)]
    [InlineData("v2+aa", 1, 2, false)]
    [InlineData("v2+ab", 1, 2, true)]
    [InlineData("v1+a v2+b", 2, 2, true)]
    public void Thresholds_count_logs_and_authorities_not_entries_and_tokens(string anchors, int logs, int stamps, bool satisfied)
    {
        var tsas = new Dictionary<char, VirtualTsa> { ['a'] = _tsa, ['b'] = new("b") };
        byte[] Make(string what)
        {
            var log = what.StartsWith("v1", StringComparison.Ordinal) ? _v1 : _v2;
            var bundle = VirtualAnchor.Of(log, _ledger.AnchorKey, _ledger.BodyAt(7));
            var stamps = what.SkipWhile(c => c != '+').Skip(1).Select(c => tsas[c].Stamp(bundle.Message!.Signature));
            return (bundle with { Timestamps = [.. stamps] }).ToBytes();
        }

        byte[][] made = anchors.Contains('=', StringComparison.Ordinal)
            ? [.. Enumerable.Repeat(Make("v1"), 2)]
            : [.. anchors.Split(' ').Select(Make)];
        var report = new BundleVerifier(_ledger.TrustIn([_v1, _v2], [.. tsas.Values]))
            .Verify(Anchored(made), new TrustPolicy(logs, stamps));
        Assert.Equal(satisfied, report.PolicySatisfied);
        Assert.Equal(satisfied ? Verdict.Verified : Verdict.VerifiedNotAnchored, report.Verdict);
    }

    [Fact]
    public void One_wrong_anchor_beside_a_right_one_fails_whatever_the_options_say()
    {
        var bundle = Anchored(_ledger.AnchorAt(_v1, 7), _ledger.AnchorAt(_v2, 6));
        foreach (var policy in (TrustPolicy[])[TrustPolicy.Default, TrustPolicy.Default.WithoutAnchorsUnsafe()])
            Assert.Equal(Verdict.Failed, new BundleVerifier(_ledger.TrustIn([_v1, _v2])).Verify(bundle, policy).Verdict);
    }

    [Fact]
    public void A_policy_that_asks_for_no_anchor_still_tells_an_anchored_checkpoint_from_one_that_is_not()
    {
        var verifier = new BundleVerifier(_ledger.TrustIn([_v1]));
        var lax = TrustPolicy.Default.WithoutAnchorsUnsafe();
        Assert.Equal(Verdict.Verified, verifier.Verify(Anchored(_ledger.AnchorAt(_v1, 7)), lax).Verdict);
        Assert.Equal(Verdict.VerifiedNotAnchored, verifier.Verify(_ledger.BundleOf(0), lax).Verdict);
    }

    [Fact]
    public void An_entry_of_a_later_shard_has_one_index_in_all_shards_and_another_in_its_own()
    {
        var log = VirtualLog.Rekor1(olderShards: 4_000).Fill(3);
        var anchor = _ledger.AnchorAt(log, 7);
        Assert.True(SigstoreBundle.TryParse(anchor, out var parsed, out _));
        Assert.Equal((4_003, 3), (parsed.Entries[0].LogIndex, parsed.Entries[0].Inclusion.LogIndex));
        Assert.Equal(Verdict.Verified, new BundleVerifier(_ledger.TrustIn([log])).Verify(Anchored(anchor), TrustPolicy.Default).Verdict);
    }

    [Fact]
    public void Anchors_of_two_shards_of_one_log_are_one_witness()
    {
        var (older, newer) = (VirtualLog.Rekor1(olderShards: 0).Fill(3), VirtualLog.Rekor1(olderShards: 4_000).Fill(2));
        var bundle = Anchored(_ledger.AnchorAt(older, 7), _ledger.AnchorAt(newer, 7));
        Assert.Equal(1, new BundleVerifier(_ledger.TrustIn([older])).Verify(bundle, TrustPolicy.Default).Anchors);
    }

    [Fact]
    public void Without_any_trust_an_anchor_is_not_judged_but_one_of_something_else_is_seen()
    {
        var verifier = BundleVerifier.WithoutTrustUnsafe();
        var policy = TrustPolicy.Default.WithoutAnchorsUnsafe();
        AssertChecks(verifier.Verify(Anchored(_ledger.AnchorAt(_v1, 7)), policy), Verdict.SelfConsistentOnly,
            "absent", "absent", "absent", "absent", "absent", "absent");
        Assert.Equal(FailureCode.AnchorDigestMismatch,
            verifier.Verify(Anchored(_ledger.AnchorAt(_v1, 6)), policy)[CheckNames.AnchorSignature].Code);
        Assert.Equal(FailureCode.SigstoreBundleVersionUnknown,
            verifier.Verify(Anchored("{}"u8.ToArray()), policy)[CheckNames.AnchorSignature].Code);
    }

    [Fact]
    public void An_anchor_over_an_envelope_or_with_two_entries_is_none()
    {
        var envelope = VirtualAnchor.OfStatement(_v1, _ledger.AnchorKey, VirtualAnchor.Statement(Digest.Sha256(_ledger.BodyAt(7))));
        Assert.Equal(FailureCode.AnchorUnsupported, Judge(Anchored(envelope.ToBytes()))[CheckNames.LogInclusion].Code);
        var sound = VirtualAnchor.Of(_v1, _ledger.AnchorKey, _ledger.BodyAt(7));
        foreach (var entries in (LogEntry[][])[[], [sound.Entries[0], sound.Entries[0]]])
        {
            var report = Judge(Anchored((sound with { Entries = entries }).ToBytes()));
            Assert.Equal(FailureCode.AnchorEntryCount, report[CheckNames.AnchorSignature].Code);
        }
    }

    [Fact]
    public void A_signature_that_is_logged_as_an_envelope_s_is_no_anchor()
    {
        var sound = VirtualAnchor.Of(_v1, _ledger.AnchorKey, _ledger.BodyAt(7));
        var signature = (sound.Message!.Signature, _ledger.AnchorKey.Pem);
        var index = _v1.Add(LogBody.DsseV1(Digest.Zero, Digest.Sha256(_ledger.BodyAt(7)), [signature]));
        var report = Judge(Anchored((sound with { Entries = [_v1.Entry(index)] }).ToBytes()));
        Assert.Equal(FailureCode.AnchorUnsupported, report[CheckNames.LogInclusion].Code);
    }

    [Fact]
    public void Where_the_log_s_key_has_an_end_an_anchor_in_v2_needs_a_time()
    {
        var ended = new TrustedRoot([_v2.Trusted with { ValidTo = VirtualTsa.Noon.AddDays(1) }], [_tsa.Trusted]);
        var verifier = new BundleVerifier(_ledger.TrustIn([_v2], _tsa) with { TrustedRoot = ended });
        var report = verifier.Verify(Anchored(_ledger.AnchorAt(_v2, 7)), TrustPolicy.Default);
        Assert.Equal((FailureCode.TimestampMissing, Verdict.Failed), (report[CheckNames.Timestamp].Code, report.Verdict));
        Assert.Equal(Verdict.Verified, verifier.Verify(Anchored(_ledger.AnchorAt(_v2, 7, _tsa)), TrustPolicy.Default).Verdict);
    }

    [Fact]
    public void An_anchor_has_at_most_32_timestamps()
    {
        var sound = VirtualAnchor.Of(_v2, _ledger.AnchorKey, _ledger.BodyAt(7));
        var stamp = _tsa.Stamp(sound.Message!.Signature);
        Bundle With(int count) => Anchored((sound with { Timestamps = [.. Enumerable.Repeat(stamp, count)] }).ToBytes());
        Assert.Equal(Verdict.Verified, Judge(With(32)).Verdict);
        Assert.Equal(FailureCode.TimestampMalformed, Judge(With(33))[CheckNames.Timestamp].Code);
    }

    private Bundle Anchored(params byte[][] anchors) => _ledger.BundleOf(0) with { Anchors = anchors };

    private VerificationReport Judge(Bundle bundle) =>
        new BundleVerifier(_ledger.TrustIn([_v1, _v2], _tsa)).Verify(bundle, TrustPolicy.Default);

    /// <summary>The outcomes of the checks over anchors, in their order.</summary>
    private static void AssertChecks(VerificationReport report, Verdict verdict, params string[] outcomes)
    {
        Assert.Equal(outcomes, report.Checks.Skip(6).Select(check => check.ToString()[(check.Name.Length + 1)..]));
        Assert.Equal(verdict, report.Verdict);
    }
}
