using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>A log that was reopened after a restore: epoch 1 in the folder, epoch 2 below it.</summary>
public sealed class FsckEpochTests
{
    private static readonly VirtualLedger First = VirtualLedger.With(5);
    private static readonly TrustFile Trust = new([First.TrustedLog(), Second(First.CheckpointAt(5)).TrustedLog()], TrustPolicy.Default);

    [Fact]
    public void An_epoch_that_begins_with_a_checkpoint_of_the_one_before_is_sound()
    {
        var reports = Run(Second(First.CheckpointAt(3)).Export());
        Assert.Equal([Verdict.VerifiedNotAnchored, Verdict.VerifiedNotAnchored], reports.Select(report => report.Verdict));
        Assert.Equal([First.Origin, First.Origin + "/2"], reports.Select(report => report.Origin));
    }

    [Fact]
    public void A_checkpoint_that_was_shown_and_is_no_longer_in_the_closed_epoch_is_named()
    {
        var shown = First.Sign(new Checkpoint(First.Origin, 9, Digest.Sha256("lost"u8)));
        Assert.Contains(new Finding(CheckNames.Checkpoints, FailureCode.CheckpointBeyondHead, "2/entries.jsonl:1"),
            Run(Second(shown).Export())[0].Findings);
        var forked = First.Sign(new Checkpoint(First.Origin, 3, Digest.Sha256("forked"u8)));
        Assert.Contains(new Finding(CheckNames.Checkpoints, FailureCode.TreeRootMismatch, "2/entries.jsonl:1"),
            Run(Second(forked).Export())[0].Findings);
    }

    [Fact]
    public void A_checkpoint_that_the_closed_epoch_never_signed_is_named()
    {
        var stranger = VirtualLedger.With(5, "other").Sign(new Checkpoint(First.Origin, 3, First.RootAt(3)));
        Assert.Contains(Run(Second(stranger).Export())[0].Findings, finding => finding.Where == "2/entries.jsonl:1");
    }

    [Fact]
    public void A_later_epoch_that_begins_with_anything_else_is_refused()
    {
        var plain = new VirtualLedger("demo", epoch: 2);
        plain.Append("s", "p");
        Assert.Equal(FailureCode.EpochMisplaced, Run(plain.Export())[1][CheckNames.Entries].Code);
    }

    [Fact]
    public void The_first_epoch_begins_with_no_epoch_statement()
    {
        var ledger = new VirtualLedger();
        ledger.Append(EpochStatement(ledger, First.CheckpointAt(5)));
        var report = Assert.Single(Fsck.Run(VirtualLedger.FolderOf(ledger.Export()), FsckSource.Export, ledger.Trust()));
        Assert.Equal(FailureCode.EpochMisplaced, report[CheckNames.Entries].Code);
    }

    [Fact]
    public void A_later_epoch_behind_a_gap_or_inside_another_is_not_passed_over()
    {
        var second = Second(First.CheckpointAt(5)).Export();
        foreach (var folder in (string[])["3/", "2/3/", "2/2/"])
        {
            var files = First.Export();
            if (folder.Length > 2) foreach (var (path, content) in second) files["2/" + path] = content;
            foreach (var (path, content) in second) files[folder + path] = content;
            var reports = Fsck.Run(VirtualLedger.FolderOf(files), FsckSource.Export, Trust);
            Assert.Equal(FailureCode.FileUnexpected, reports[^1][CheckNames.Files].Code);
        }
    }

    [Fact]
    public void Another_tenant_s_epoch_in_the_place_of_ours_is_refused()
    {
        var other = new VirtualLedger("other", epoch: 2);
        other.Append(EpochStatement(other, First.CheckpointAt(5)));
        var files = First.Export();
        foreach (var (path, content) in other.Export()) files["2/" + path] = content;
        var trust = Trust with { Logs = [.. Trust.Logs, other.TrustedLog()] };
        var reports = Fsck.Run(VirtualLedger.FolderOf(files), FsckSource.Export, trust);
        Assert.Equal(FailureCode.OriginMismatch, reports[1][CheckNames.CheckpointSignature].Code);
    }

    [Fact]
    public void Another_epoch_in_the_place_of_the_second_is_refused()
    {
        var third = new VirtualLedger("demo", epoch: 3);
        third.Append(EpochStatement(third, First.CheckpointAt(5)));
        var trust = Trust with { Logs = [First.TrustedLog(), third.TrustedLog()] };
        var files = First.Export();
        foreach (var (path, content) in third.Export()) files["2/" + path] = content;
        var reports = Fsck.Run(VirtualLedger.FolderOf(files), FsckSource.Export, trust);
        Assert.Equal(FailureCode.OriginMismatch, reports[1][CheckNames.CheckpointSignature].Code);
    }

    [Fact]
    public void A_bundle_or_receipt_of_entry_0_is_refused_where_its_statement_does_not_fit_the_epoch()
    {
        var plain = new VirtualLedger("demo", epoch: 2);
        plain.Append("s", "p");
        var misplaced = new VirtualLedger();
        misplaced.Append(EpochStatement(misplaced, First.CheckpointAt(5)));
        foreach (var ledger in (VirtualLedger[])[plain, misplaced])
        {
            var bundle = new BundleVerifier(ledger.Trust()).Verify(ledger.BundleOf(0), TrustPolicy.Default);
            Assert.Equal(FailureCode.EpochMisplaced, bundle[CheckNames.Leaf].Code);
            var receipt = new ReceiptVerifier(ledger.Trust()).Verify(ledger.ReceiptOf(0));
            Assert.Equal(FailureCode.EpochMisplaced, receipt[CheckNames.ReceiptFields].Code);
        }

        var sound = Second(First.CheckpointAt(5));
        Assert.Equal(CheckOutcome.Pass,
            new BundleVerifier(sound.Trust()).Verify(sound.BundleOf(0), TrustPolicy.Default)[CheckNames.Leaf].Outcome);
    }

    private static VirtualLedger Second(string previousCheckpoint)
    {
        var ledger = new VirtualLedger("demo", epoch: 2);
        ledger.Append(EpochStatement(ledger, previousCheckpoint));
        ledger.Append("s", "p");
        return ledger;
    }

    private static Statement EpochStatement(VirtualLedger ledger, string previousCheckpoint) =>
        ledger.StatementOf("epoch", "", null, out _, PredicateTypes.Epoch) with { PreviousCheckpoint = previousCheckpoint };

    private static IReadOnlyList<FsckReport> Run(SortedDictionary<string, byte[]> second)
    {
        var files = First.Export();
        foreach (var (path, content) in second) files["2/" + path] = content;
        return Fsck.Run(VirtualLedger.FolderOf(files), FsckSource.Export, Trust);
    }
}
