using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>The list of anchors against the log's own tiles, and transparency logs against the list.</summary>
public sealed class AnchorSweepTests
{
    private readonly VirtualLedger _ours = VirtualLedger.With(40);
    private readonly VirtualLog _v1 = VirtualLog.Rekor1().Fill(3);
    private readonly VirtualLog _v2 = VirtualLog.Rekor2().Fill(2);
    private readonly SortedDictionary<string, byte[]> _export;
    private readonly TrustFile _trust;

    public AnchorSweepTests()
    {
        _export = Exported(_ours, 10, 20, 40);
        _v1.Fill(2);
        _v2.Fill(9);
        _trust = _ours.TrustIn([_v1, _v2]);
    }

    [Fact]
    public void A_sound_list_passes_and_says_nothing_of_what_nobody_looked_for()
    {
        var report = Assert.Single(_export.Sweep(_trust));
        Assert.Equal(["checkpoint-signature pass", "anchors pass", "consistency pass", "log-entries absent"],
            report.Checks.Select(check => check.ToString()));
        Assert.Equal((40, 40, Verdict.Verified), (report.Size, report.Anchored, report.Verdict));
    }

    [Fact]
    public void Everything_that_the_logs_hold_is_in_a_sound_list()
    {
        var report = Assert.Single(_export.Sweep(_trust, _v1, _v2));
        Assert.Equal("log-entries pass", report[CheckNames.LogEntries].ToString());
        Assert.Empty(report.Findings);
    }

    [Fact]
    public void A_log_rewritten_and_anchored_again_is_caught_by_what_the_logs_still_hold()
    {
        var old = new[] { _v1.Entry(4), _v1.Entry(5) };
        var rewritten = Rewritten(15);
        var export = Exported(rewritten, 10, 20, 40);

        // Alone, the new list is in order: that is why somebody must look into the logs.
        Assert.Equal(Verdict.Verified, Assert.Single(export.Sweep(_trust)).Verdict);
        var report = Assert.Single(export.Sweep(_trust, _v1));
        // Up to size 10 both are the same log; 20 and 40 are not.
        Assert.Equal(old.Select(entry => new Finding(CheckNames.LogEntries, FailureCode.SweepDigestUnknown, entry.EntryId())),
            report.Findings);
        Assert.Equal(Verdict.Failed, report.Verdict);

        var inV2 = Assert.Single(export.Sweep(_trust, _v2)).Findings;
        Assert.Equal([$"{_v2.Trusted.LogId}:3", $"{_v2.Trusted.LogId}:4"], inV2.Select(finding => finding.Where));
    }

    [Fact]
    public void A_rewritten_log_that_keeps_its_old_anchors_is_caught_by_the_list_alone()
    {
        var export = Rewritten(15).Export(10, 20);
        foreach (var (path, anchor) in Anchored(_export)) export[path] = anchor;
        var report = Assert.Single(export.Sweep(_trust));
        Assert.All(report.Findings, finding => Assert.Equal(FailureCode.AnchorDigestMismatch, finding.Code));
        Assert.Equal(4, report.Findings.Count);
    }

    [Fact]
    public void Two_signed_roots_of_one_size_are_named_whichever_of_them_is_anchored()
    {
        foreach (var anchored in (VirtualLedger[])[_ours, Rewritten(15)])
        {
            var export = Rewritten(15).Export(10, 20);
            export["checkpoints/20"] = Encoding.UTF8.GetBytes(_ours.CheckpointAt(20));
            export.PutAnchor(20, VirtualAnchor.Of(_v1, _ours.AnchorKey, anchored.BodyAt(20)).ToBytes());
            var finding = Assert.Single(Assert.Single(export.Sweep(_trust)).Findings);
            Assert.Equal((CheckNames.Consistency, FailureCode.SweepTwoRoots), (finding.Check, finding.Code));
        }
    }

    [Fact]
    public void Neighbouring_sizes_without_a_consistency_proof_are_named()
    {
        // The newest checkpoint is of another tree than the tiles: what was anchored does not lead up to it.
        var other = Rewritten(5);
        _export[ExportLayout.Checkpoint] = Encoding.UTF8.GetBytes(other.CheckpointAt(40));
        Assert.Contains(new Finding(CheckNames.Consistency, FailureCode.ConsistencyToRootMismatch, "40..40"),
            Assert.Single(_export.Sweep(_trust)).Findings);

        var export = Exported(_ours, 10, 20);
        export[ExportLayout.Checkpoint] = Encoding.UTF8.GetBytes(other.CheckpointAt(40));
        Assert.Contains(new Finding(CheckNames.Consistency, FailureCode.ConsistencyToRootMismatch, "20..40"),
            Assert.Single(export.Sweep(_trust)).Findings);
    }

    [Fact]
    public void A_missing_tile_is_named()
    {
        _export.Remove("tile/0/000.p/40");
        Assert.Contains(new Finding(CheckNames.Consistency, FailureCode.FileMissing, "tile/0/000.p/40"),
            Assert.Single(_export.Sweep(_trust)).Findings);
    }

    [Fact]
    public void An_anchor_of_our_own_tree_that_the_list_lacks_is_named()
    {
        _ours.AnchorAt(_v1, 30);
        var entry = _v1.Entry(_v1.Size - 1);
        Assert.Equal(new Finding(CheckNames.LogEntries, FailureCode.SweepEntryUnlisted, entry.EntryId()),
            Assert.Single(Assert.Single(_export.Sweep(_trust, _v1)).Findings));
        _ours.AnchorAt(_v2, 30);
        Assert.Equal(new Finding(CheckNames.LogEntries, FailureCode.SweepEntryUnlisted, $"{_v2.Trusted.LogId}:{_v2.Size - 1}"),
            Assert.Single(Assert.Single(_export.Sweep(_trust, _v2)).Findings));
    }

    [Fact]
    public void A_second_index_for_a_body_of_the_list_is_known()
    {
        _ours.AnchorAt(_v1, 20);
        _v2.Add(_v2.Entry(2).CanonicalizedBody);
        Assert.Equal(Verdict.Verified, Assert.Single(_export.Sweep(_trust, _v1, _v2)).Verdict);
    }

    [Fact]
    public void Entries_under_the_key_that_are_no_checkpoint_bodies_are_named()
    {
        var foreign = VirtualAnchor.Of(_v1, _ours.AnchorKey, "anything else"u8.ToArray()).Entries[0];
        var envelope = VirtualAnchor.OfStatement(_v1, _ours.AnchorKey, VirtualAnchor.Statement(Digest.Zero)).Entries[0];
        Assert.Equal(new[] { foreign, envelope }.Select(
            entry => new Finding(CheckNames.LogEntries, FailureCode.SweepDigestUnknown, entry.EntryId())),
            Assert.Single(_export.Sweep(_trust, _v1)).Findings);
    }

    [Fact]
    public void What_others_log_is_not_ours()
    {
        var body = _ours.BodyAt(20);
        VirtualAnchor.Of(_v1, new VirtualSigner("stranger"), body);
        VirtualAnchor.Of(_v1, _ours.PayloadKey, "a payload"u8.ToArray());
        // Our key, our digest of something else, a signature that is not ours.
        _v1.Add(LogBody.HashedRekordV1(Digest.Zero, new VirtualSigner("stranger").Sign(body), _ours.AnchorKey.Pem));
        // Our own signature once more, in another form.
        _v1.Add(Sweeps.AsRekord(body, _ours.AnchorKey.Sign(body), _ours.AnchorKey.Pem));
        Assert.Equal(Verdict.Verified, Assert.Single(_export.Sweep(_trust, _v1)).Verdict);
        _v1.Add(Sweeps.AsRekord("foreign"u8.ToArray(), _ours.AnchorKey.Sign("foreign"u8), _ours.AnchorKey.Pem));
        Assert.Equal(FailureCode.SweepDigestUnknown, Assert.Single(_export.Sweep(_trust, _v1))[CheckNames.LogEntries].Code);
    }

    [Fact]
    public void An_entry_that_the_log_cannot_prove_is_named_with_the_reason()
    {
        foreach (var (change, code) in ((Func<LogEntry, LogEntry>, FailureCode)[])
        [
            (entry => entry with { Inclusion = entry.Inclusion with { Hashes = [Digest.Zero] } }, FailureCode.InclusionProofLength),
            (entry => entry with { IntegratedTime = entry.IntegratedTime + 1 }, FailureCode.SetInvalid),
            (entry => entry with { LogId = Digest.Zero }, FailureCode.LogUnknown),
            (entry => entry with { Inclusion = entry.Inclusion with { Checkpoint = _v2.Checkpoint(3) } }, FailureCode.LogOriginMismatch),
        ])
        {
            var swept = _v1.Search(_trust, new SweepTargets(null), change);
            var report = Assert.Single(_export.Sweep(_trust, _ => [swept]));
            Assert.Equal(code, report[CheckNames.LogEntries].Code);
        }

        var answer = FoundEntry.OfVersion1(_v1.Entry(0).EntryId(), _v1.Entry(3), _trust.TrustedRoot);
        Assert.Equal(FailureCode.SweepAnswerMalformed, answer.Failure);
    }

    [Fact]
    public void A_search_that_does_not_name_an_entry_of_the_list_is_not_complete()
    {
        var targets = _export.Targets(_trust);
        var found = _v1.Search(_trust, targets).Found.Skip(1).ToList();
        var where = Assert.Single(targets.Unseen(_v1.Trusted.LogId, found));
        Assert.StartsWith("anchors/10.", where, StringComparison.Ordinal);
        var failures = LogSweep.OfSearch(_v1.Trusted, SoughtKeys.Of(_trust.Logs).Hints, found, [], [where]).Failures;
        Assert.Equal((where, FailureCode.SweepIncomplete), Assert.Single(failures));
    }

    [Fact]
    public void A_scan_that_leaves_an_entry_out_or_changes_one_is_not_believed()
    {
        var targets = new SweepTargets(null);
        FailureCode Code(Func<List<byte[]>, List<byte[]>> change) => Assert.Single(_v2.Scan(_trust, targets, change).Failures).Code;
        Assert.Empty(_v2.Scan(_trust, targets).Failures);
        Assert.Equal(FailureCode.LogSizeMismatch, Code(bodies => [.. bodies.Where((_, index) => index != 3)]));
        Assert.Equal(FailureCode.LogRootMismatch, Code(bodies => [.. bodies.Take(3), .. bodies.Skip(4), bodies[3]]));
    }

    [Fact]
    public void A_log_that_shows_another_tree_than_the_one_our_anchors_are_from_is_named()
    {
        // The same name and key, without our anchors.
        var forked = VirtualLog.Rekor2().Fill(14);
        var report = Assert.Single(_export.Sweep(_trust, forked));
        Assert.Contains(new Finding(CheckNames.LogEntries, FailureCode.SweepLogForked, "rekor2.virtual.test index 2"), report.Findings);
        Assert.Contains(new Finding(CheckNames.LogEntries, FailureCode.SweepLogForked, "rekor2.virtual.test size 3"), report.Findings);
    }

    [Fact]
    public void Anchors_of_a_closed_epoch_that_the_restored_log_does_not_know_stay_a_finding()
    {
        var restored = VirtualLedger.With(15);
        var second = new VirtualLedger("demo", epoch: 2);
        second.Append("s", "p");
        var export = restored.Export(10);
        foreach (var (path, anchor) in Anchored(_export).Where(file => file.Key.StartsWith("anchors/10.", StringComparison.Ordinal)))
            export[path] = anchor;
        foreach (var (path, content) in second.Export()) export["2/" + path] = content;
        second.AnchorAt(_v1, 1);
        foreach (var (path, anchor) in Anchors.Files(1, VirtualAnchor.Of(_v1, second.AnchorKey, second.BodyAt(1)).ToBytes()))
            export["2/" + path] = anchor;

        var reports = export.Sweep(Anchors.Trust([restored, second], [_v1, _v2]), _v1);
        Assert.Equal(new[] { 4, 5 }.Select(index => new Finding(
            CheckNames.LogEntries, FailureCode.SweepDigestUnknown, _v1.Entry(index).EntryId())), reports[0].Findings);
        Assert.Equal((Verdict.Failed, Verdict.Verified), (reports[0].Verdict, reports[1].Verdict));
    }

    [Fact]
    public void A_key_that_nobody_looked_for_leaves_the_sweep_incomplete()
    {
        var missed = _v1.Search(_trust, _export.Targets(_trust)) with { Hints = new HashSet<string>() };
        var finding = Assert.Single(Assert.Single(_export.Sweep(_trust, _ => [missed])).Findings);
        Assert.Equal((FailureCode.SweepIncomplete, $"rekor.virtual.test key {_ours.AnchorKey.Hint}"), (finding.Code, finding.Where));
    }

    [Fact]
    public void Two_trees_of_one_log_show_in_the_list_alone()
    {
        // The same name and key: of one size with two roots, then with two leaves at one index.
        foreach (var (first, second) in ((int, int)[])[(4, 3), (3, 3)])
        {
            var (log, other) = (VirtualLog.Rekor2().Fill(first), VirtualLog.Rekor2().Fill(second));
            other.Add("{}"u8.ToArray());
            if (first == second) other = VirtualLog.Rekor2().Fill(second);
            var export = _ours.Export(10, 20);
            export.PutAnchor(40, _ours.AnchorAt(log, 40));
            export.PutAnchor(20, _ours.AnchorAt(other, 20));
            var finding = Assert.Single(Assert.Single(export.Sweep(_trust)).Findings);
            Assert.Equal((CheckNames.Anchors, FailureCode.SweepLogForked), (finding.Check, finding.Code));
            Assert.StartsWith("anchors/20.", finding.Where, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Shards_of_one_log_are_no_fork()
    {
        var (older, newer) = (VirtualLog.Rekor1(olderShards: 0).Fill(3), VirtualLog.Rekor1(olderShards: 4_000, treeId: "99").Fill(3));
        var export = _ours.Export(10, 20);
        export.PutAnchor(40, _ours.AnchorAt(older, 40));
        export.PutAnchor(20, _ours.AnchorAt(newer, 20));
        Assert.Equal(Verdict.Verified, Assert.Single(export.Sweep(_trust)).Verdict);
    }

    [Fact]
    public void The_largest_size_that_has_all_the_policy_asks_for_decides()
    {
        var tsa = new VirtualTsa();
        FsckReport Judged(TrustPolicy policy, params (long Size, byte[] Anchor)[] anchors)
        {
            var export = _ours.Export(10, 20);
            foreach (var (size, anchor) in anchors) export.PutAnchor(size, anchor);
            return Assert.Single(export.Sweep(_ours.TrustIn([_v1, _v2], tsa) with { Policy = policy }));
        }

        var split = Judged(new TrustPolicy(2, 0), (20, _ours.AnchorAt(_v1, 20)), (40, _ours.AnchorAt(_v2, 40)));
        Assert.Equal((0, Verdict.VerifiedNotAnchored), (split.Anchored, split.Verdict));
        var older = Judged(new TrustPolicy(2, 0),
            (10, _ours.AnchorAt(_v1, 10)), (10, _ours.AnchorAt(_v2, 10)), (40, _ours.AnchorAt(_v2, 40)));
        Assert.Equal((10, Verdict.Verified), (older.Anchored, older.Verdict));
        Assert.Equal(Verdict.VerifiedNotAnchored, Judged(new TrustPolicy(1, 1), (40, _ours.AnchorAt(_v2, 40))).Verdict);
        var stamped = Judged(new TrustPolicy(1, 1), (40, _ours.AnchorAt(_v1, 40)), (20, _ours.AnchorAt(_v2, 20, tsa)));
        Assert.Equal((20, Verdict.Verified), (stamped.Anchored, stamped.Verdict));
    }

    [Fact]
    public void A_body_with_our_key_that_nobody_can_read_is_not_passed_over_in_a_scan()
    {
        foreach (var bytes in (byte[][])[_ours.AnchorKey.Spki, Encoding.ASCII.GetBytes(_ours.AnchorKey.Pem)])
        {
            var key = Convert.ToBase64String(bytes);
            var log = VirtualLog.Rekor2().Fill(1);
            log.Add(Encoding.ASCII.GetBytes($"{{\"apiVersion\":\"0.0.2\",\"kind\":\"hashedrekord\",\"spec\":{{\"key\":\"{key}\"}}}}"));
            Assert.Equal([($"{log.Trusted.LogId}:1", FailureCode.LogBodyKindUnknown)], log.Scan(_trust, new SweepTargets(null)).Failures);
        }

        var others = VirtualLog.Rekor2().Fill(1);
        others.Add("{\"apiVersion\":\"0.0.2\",\"kind\":\"hashedrekord\",\"spec\":{}}"u8.ToArray());
        Assert.Empty(others.Scan(_trust, new SweepTargets(null)).Failures);
    }

    [Fact]
    public void Many_entries_beside_the_list_are_each_told_apart()
    {
        foreach (var size in (int[])[7, 30, 39]) _ours.AnchorAt(_v1, size);
        VirtualAnchor.Of(_v1, _ours.AnchorKey, "foreign"u8.ToArray());
        _ours.AnchorAt(_v1, 1);
        FailureCode[] codes = [.. Enumerable.Repeat(FailureCode.SweepEntryUnlisted, 3), FailureCode.SweepDigestUnknown,
            FailureCode.SweepEntryUnlisted];
        Assert.Equal(codes, Assert.Single(_export.Sweep(_trust, _v1)).Findings.Select(finding => finding.Code));
    }

    [Fact]
    public void A_key_of_two_epochs_signs_for_both()
    {
        var second = new VirtualLedger("demo", epoch: 2);
        second.Append("s", "p");
        foreach (var (path, content) in second.Export()) _export["2/" + path] = content;
        foreach (var (path, anchor) in Anchors.Files(1, VirtualAnchor.Of(_v1, _ours.AnchorKey, second.BodyAt(1)).ToBytes()))
            _export["2/" + path] = anchor;
        var trust = _trust with { Logs = [_trust.Logs[0], second.TrustedLog() with { AnchorKeys = [_ours.AnchorKey.Pem] }] };
        Assert.All(_export.Sweep(trust, _v1), report => Assert.Equal(Verdict.Verified, report.Verdict));
    }

    [Fact]
    public void A_checkpoint_that_nobody_signed_ends_the_sweep()
    {
        _export[ExportLayout.Checkpoint] = Encoding.UTF8.GetBytes(VirtualLedger.With(1, "other").CheckpointAt(1));
        var report = Assert.Single(_export.Sweep(_trust, _v1));
        Assert.Equal(FailureCode.OriginUnknown, report[CheckNames.CheckpointSignature].Code);
        Assert.Equal((0, Verdict.Failed), (report.Size, report.Verdict));
    }

    [Fact]
    public void A_note_that_is_not_UTF8_is_refused_even_where_nobody_signed_it()
    {
        var path = "checkpoints/20";
        _export[path] = [.. _export[path], .. "\u2014 witness"u8, 0xff, .. " AAAAAAAA\n"u8];
        Assert.Equal(new Finding(CheckNames.Anchors, FailureCode.NoteMalformed, path), Assert.Single(_export.Sweep(_trust)[0].Findings));
        _export[ExportLayout.Checkpoint] = [.. _export[ExportLayout.Checkpoint], .. "\u2014 witness"u8, 0xff, .. " AAAAAAAA\n"u8];
        Assert.Equal(FailureCode.NoteMalformed, _export.Sweep(_trust)[0][CheckNames.CheckpointSignature].Code);
    }

    [Fact]
    public void A_list_without_anchors_is_not_called_verified()
    {
        Assert.Equal(Verdict.VerifiedNotAnchored, Assert.Single(_ours.Export().Sweep(_trust)).Verdict);
        var two = _trust with { Policy = new TrustPolicy(2, 0) };
        Assert.Equal(Verdict.Verified, Assert.Single(_export.Sweep(two)).Verdict);
        Assert.Equal(Verdict.VerifiedNotAnchored, Assert.Single(_export.Sweep(_trust with { Policy = new TrustPolicy(3, 0) })).Verdict);
    }

    [Fact]
    public void A_kept_checkpoint_by_another_key_is_named()
    {
        _export["checkpoints/20"] = Encoding.UTF8.GetBytes(
            VirtualLedger.With(1, "other").Sign(new Checkpoint(_ours.Origin, 20, _ours.RootAt(20))));
        Assert.Equal(new Finding(CheckNames.Anchors, FailureCode.NoteKeyUnknown, "checkpoints/20"),
            Assert.Single(Assert.Single(_export.Sweep(_trust)).Findings));
    }

    /// <summary>The same log by the same keys, but for one entry.</summary>
    private static VirtualLedger Rewritten(int changed)
    {
        var ledger = new VirtualLedger();
        for (var i = 0; i < 40; i++)
        {
            var payload = i == changed ? "something else" : i == 0 ? VirtualLedger.Payload : $"payload {i}";
            ledger.Append($"user-action-{i}", payload, $$"""{"user_id":"{{i}}"}""");
        }

        return ledger;
    }

    private SortedDictionary<string, byte[]> Exported(VirtualLedger ledger, params long[] sizes)
    {
        var export = ledger.Export([.. sizes.Where(size => size != ledger.Size)]);
        foreach (var size in sizes)
        {
            export.PutAnchor(size, ledger.AnchorAt(_v1, size));
            export.PutAnchor(size, ledger.AnchorAt(_v2, size));
        }

        return export;
    }

    private static IEnumerable<KeyValuePair<string, byte[]>> Anchored(SortedDictionary<string, byte[]> export) =>
        export.Where(file => file.Key.StartsWith(ExportLayout.AnchorsFolder, StringComparison.Ordinal));
}
