using Ledger.Verify.Anchoring;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>The anchors of an export, each judged against the body that the rebuilt tree gives.</summary>
public sealed class FsckAnchorTests
{
    private static readonly VirtualLedger Ours = VirtualLedger.With(30);
    private static readonly VirtualLog V1 = VirtualLog.Rekor1().Fill(3);
    private static readonly VirtualLog V2 = VirtualLog.Rekor2().Fill(4);
    private static readonly VirtualTsa Tsa = new();
    private static readonly byte[] At20 = Ours.AnchorAt(V1, 20), At30 = Ours.AnchorAt(V2, 30, Tsa);
    private static readonly TrustFile Trust = Ours.TrustIn([V1, V2], Tsa);

    [Fact]
    public void Anchors_of_any_size_and_of_payloads_are_verified()
    {
        var report = Run(Sound());
        Assert.Equal(CheckOutcome.Pass, report[CheckNames.Anchors].Outcome);
        Assert.Equal(CheckOutcome.Pass, report[CheckNames.PayloadAnchors].Outcome);
        Assert.Empty(report.Findings);
        Assert.Equal(Verdict.Verified, report.Verdict);
    }

    [Fact]
    public void A_log_whose_newest_checkpoint_is_not_anchored_is_not_called_verified()
    {
        var export = Ours.Export(20);
        export.PutAnchor(20, At20);
        Assert.Equal(Verdict.VerifiedNotAnchored, Run(export).Verdict);
    }

    [Theory]
    [InlineData(2, 0, Verdict.VerifiedNotAnchored)]
    [InlineData(1, 1, Verdict.Verified)]
    [InlineData(1, 2, Verdict.VerifiedNotAnchored)]
    [InlineData(0, 0, Verdict.Verified)]
    public void The_policy_says_how_many_witnesses_the_newest_checkpoint_needs(int anchors, int timestamps, Verdict verdict) =>
        Assert.Equal(verdict, Run(Sound(), Trust with { Policy = new TrustPolicy(anchors, timestamps) }).Verdict);

    [Fact]
    public void By_its_own_keys_an_anchored_export_is_still_self_consistent_only() => Assert.Equal(
        Verdict.SelfConsistentOnly, Fsck.RunSelfConsistencyOnly(VirtualLedger.FolderOf(Sound()), Trust)[0].Verdict);

    [Fact]
    public void An_anchor_of_another_tree_of_that_size_is_named()
    {
        var other = VirtualLog.Rekor1();
        var forked = VirtualAnchor.Of(other, Ours.AnchorKey, "ledger.localhost/log/demo\n256\nanother root\n"u8.ToArray()).ToBytes();
        AssertNames(WithAnchor(20, forked), CheckNames.Anchors, FailureCode.AnchorDigestMismatch);
    }

    [Fact]
    public void An_anchor_under_the_name_of_another_size_is_named() =>
        AssertNames(WithAnchor(19, At20), CheckNames.Anchors, FailureCode.AnchorDigestMismatch);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_anchor_under_the_name_of_another_log_or_index_is_named(bool otherLog)
    {
        var export = Ours.Export(20);
        var (log, index) = otherLog ? (V2, 1003) : (V1, 1004);
        export[ExportLayout.AnchorOf(20, log.Trusted.LogId.ToHex(), index)] = At20;
        AssertNames(Run(export), CheckNames.Anchors, FailureCode.AnchorNameMismatch);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(99)]
    public void An_anchor_beyond_the_newest_checkpoint_shows_a_rollback(int size)
    {
        var lost = VirtualLedger.With(size);
        AssertNames(WithAnchor(size, VirtualAnchor.Of(V1, Ours.AnchorKey, lost.BodyAt(size)).ToBytes()), CheckNames.Anchors,
            FailureCode.AnchorBeyondHead);
    }

    [Fact]
    public void A_payload_anchor_beside_another_entry_or_none_is_named()
    {
        var anchor = Ours.PayloadAnchor(V1, "payload 5");
        var export = Ours.Export();
        export.PutPayloadAnchor(6, anchor);
        AssertNames(Run(export), CheckNames.PayloadAnchors, FailureCode.AnchorDigestMismatch);
        export = Ours.Export();
        export.PutPayloadAnchor(30, anchor);
        AssertNames(Run(export), CheckNames.PayloadAnchors, FailureCode.AnchorBeyondHead);
    }

    [Fact]
    public void An_anchor_by_the_payload_key_and_a_payload_anchor_by_the_anchor_key_are_named()
    {
        AssertNames(WithAnchor(20, VirtualAnchor.Of(V1, Ours.PayloadKey, Ours.BodyAt(20)).ToBytes()), CheckNames.Anchors,
            FailureCode.AnchorKeyPurpose);
        var export = Ours.Export();
        export.PutPayloadAnchor(5, VirtualAnchor.Of(V1, Ours.AnchorKey, "payload 5"u8.ToArray()).ToBytes());
        AssertNames(Run(export), CheckNames.PayloadAnchors, FailureCode.AnchorKeyPurpose);
    }

    [Fact]
    public void An_anchor_that_the_trust_file_cannot_judge_is_not_passed_over() => Assert.Equal(FailureCode.LogUnknown,
        Run(Sound(), Trust with { TrustedRoot = null }).Findings.First(finding => finding.Check == CheckNames.Anchors).Code);

    [Fact]
    public void A_cut_or_changed_anchor_is_named()
    {
        AssertNames(WithAnchor(20, At20[..^1]), CheckNames.Anchors, FailureCode.SigstoreBundleMalformed);
        AssertNames(WithAnchor(20, [.. At20, (byte)'\n']), CheckNames.Anchors, FailureCode.AnchorNotCanonical);
    }

    [Theory]
    [InlineData("anchors/20.ab.7.sigstore.json")]
    [InlineData("anchors/020.{id}.7.sigstore.json")]
    [InlineData("anchors/20.{id}.07.sigstore.json")]
    [InlineData("anchors/20.{id}.7.json")]
    [InlineData("anchors/20.{id}.7.x.sigstore.json")]
    [InlineData("anchors/-1.{id}.7.sigstore.json")]
    [InlineData("payload-anchors/x/5.{id}.7.sigstore.json")]
    public void A_name_that_is_no_anchor_s_is_a_file_that_the_layout_does_not_know(string path)
    {
        var export = Ours.Export();
        export[path.Replace("{id}", V1.Trusted.LogId.ToHex(), StringComparison.Ordinal)] = At20;
        Assert.Equal(FailureCode.FileUnexpected, Run(export)[CheckNames.Files].Code);
    }

    [Fact]
    public void Where_the_entries_end_too_early_the_anchors_after_them_are_not_judged_and_that_is_said()
    {
        var export = Sound();
        export.Remove(ExportLayout.Entries);
        var report = Run(export);
        Assert.Equal(FailureCode.EntryMissing, report[CheckNames.Anchors].Code);
        Assert.Equal(FailureCode.EntryMissing, report[CheckNames.PayloadAnchors].Code);
    }

    private static SortedDictionary<string, byte[]> Sound()
    {
        var export = Ours.Export(20);
        export.PutAnchor(20, At20);
        export.PutAnchor(30, At30);
        export.PutPayloadAnchor(5, Ours.PayloadAnchor(V1, "payload 5"));
        export.PutPayloadAnchor(29, Ours.PayloadAnchor(V2, "payload 29"));
        return export;
    }

    private static FsckReport WithAnchor(long size, byte[] anchor)
    {
        var export = Ours.Export(20);
        export[ExportLayout.AnchorOf(size, V1.Trusted.LogId.ToHex(), 1003)] = anchor;
        return Run(export);
    }

    private static FsckReport Run(SortedDictionary<string, byte[]> export, TrustFile? trust = null) =>
        Assert.Single(Fsck.Run(VirtualLedger.FolderOf(export), FsckSource.Export, trust ?? Trust));

    private static void AssertNames(FsckReport report, string check, FailureCode code)
    {
        var finding = Assert.Single(report.Findings);
        Assert.Equal((check, code), (finding.Check, finding.Code));
        Assert.EndsWith(".sigstore.json", finding.Where, StringComparison.Ordinal);
        Assert.Equal(Verdict.Failed, report.Verdict);
    }
}
