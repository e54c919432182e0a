using System.Text;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

public sealed class FsckTests
{
    // 600 crosses two full tiles on level 0 and opens level 1.
    private static readonly VirtualLedger Ledger = VirtualLedger.With(600);
    private static readonly SortedDictionary<string, byte[]> Sound = Ledger.Export(0, 1, 255, 256, 257, 599);

    public static TheoryData<string> Files => [.. Sound.Keys];

    [Fact]
    public void A_sound_export_is_rebuilt_to_its_root()
    {
        var report = Run(Sound);
        Assert.Equal(
            [
                "checkpoint-signature pass", "entries pass", "statement-signature pass", "meta pass", "tree pass", "tiles pass",
                "checkpoints pass", "anchors absent", "payload-anchors absent", "trust-claim pass", "files pass",
            ],
            report.Checks.Select(check => check.ToString()));
        Assert.Empty(report.Findings);
        Assert.Equal((Ledger.Origin, 600), (report.Origin, report.Size));
        Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(512)]
    public void A_log_of_any_size_is_rebuilt(int size)
    {
        var ledger = VirtualLedger.With(size);
        var report = One.Run(VirtualLedger.FolderOf(ledger.Export()), FsckSource.Export, ledger.Trust());
        Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
        Assert.Equal(size, report.Size);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_missing_file_is_named(string path)
    {
        var report = Run(Changed(files => files.Remove(path)));
        // An older checkpoint that was never there and one that was taken away look the same: only the newest is known to exist.
        if (ExportLayout.TryParseCheckpoint(path, out var size) && size != 600) Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
        else AssertNames(report, path, FailureCode.FileMissing);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_flipped_bit_in_the_middle_of_a_file_is_named(string path)
    {
        var file = (byte[])Sound[path].Clone();
        // In a trust file, the middle of a key: elsewhere it may hold white space or a policy that is nobody's claim.
        var at = path == ExportLayout.Trust
            ? Encoding.UTF8.GetString(file).IndexOf("public_key", StringComparison.Ordinal) + 30
            : file.Length / 2;
        file[at] ^= 1;
        AssertNames(Run(Changed(files => files[path] = file)), path);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_cut_or_lengthened_by_a_byte_is_named(string path)
    {
        AssertNames(Run(Changed(files => files[path] = files[path][..^1])), path);
        AssertNames(Run(Changed(files => files[path] = [.. files[path], (byte)'!'])), path);
    }

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("tile/0/003")]
    [InlineData("tile/0/002.p/87")]
    [InlineData("tile/9/000")]
    [InlineData("checkpoints/0600")]
    [InlineData("1/checkpoint")]
    public void A_file_that_the_layout_does_not_know_is_named(string path)
    {
        var report = Run(Changed(files => files[path] = [1]));
        Assert.Contains(new Finding(CheckNames.Files, FailureCode.FileUnexpected, path), report.Findings);
        Assert.Equal(Verdict.Failed, report.Verdict);
    }

    [Fact]
    public void An_entry_left_out_shows_where_the_chain_breaks()
    {
        var report = Run(WithLines(lines => lines.RemoveAt(300)));
        Assert.Contains(new Finding(CheckNames.Entries, FailureCode.PrevMismatch, "entries.jsonl:301"), report.Findings);
        Assert.Contains(new Finding(CheckNames.Entries, FailureCode.SeqMismatch, "entries.jsonl:301"), report.Findings);
        Assert.Contains(new Finding(CheckNames.Entries, FailureCode.EntryMissing, "entries.jsonl:600"), report.Findings);
    }

    [Fact]
    public void Entries_in_another_order_are_named() =>
        AssertNames(Run(WithLines(lines => (lines[10], lines[11]) = (lines[11], lines[10]))), "entries.jsonl:11", FailureCode.SeqMismatch);

    [Fact]
    public void An_entry_beyond_the_checkpoint_is_named() =>
        AssertNames(Run(WithLines(lines => lines.Add(lines[0]))), "entries.jsonl:601", FailureCode.EntryBeyondCheckpoint);

    [Fact]
    public void A_cut_tail_is_named() =>
        AssertNames(Run(WithLines(lines => lines.RemoveRange(590, 10))), "entries.jsonl:591", FailureCode.EntryMissing);

    [Fact]
    public void Metadata_that_was_exchanged_is_named() => AssertNames(
        Run(WithLines(lines => lines[5] = lines[5].Replace("\"user_id\":\"5\"", "\"user_id\":\"6\"", StringComparison.Ordinal))),
        "entries.jsonl:6",
        FailureCode.MetaMismatch);

    [Fact]
    public void Erased_metadata_is_no_finding()
    {
        var report = Run(WithLines(lines =>
        {
            Assert.True(ExportedEntry.TryParse(Encoding.UTF8.GetBytes(lines[5]), out var entry, out _));
            lines[5] = Encoding.UTF8.GetString((entry with { Meta = null }).ToBytes());
        }));
        Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
    }

    [Fact]
    public void A_whole_log_of_the_right_shape_by_another_key_is_refused()
    {
        var stranger = new TrustFile([VirtualLedger.With(1, "other").TrustedLog() with { Origin = Ledger.Origin, Tenant = "demo" }],
            TrustPolicy.Default);
        var report = One.Run(VirtualLedger.FolderOf(Sound), FsckSource.Export, stranger);
        AssertNames(report, ExportLayout.Checkpoint, FailureCode.NoteKeyUnknown);
        Assert.Equal(0, report.Size);
    }

    [Fact]
    public void A_kept_checkpoint_of_another_tree_is_named()
    {
        var forked = Ledger.Sign(new Checkpoint(Ledger.Origin, 256, Digest.Sha256("another tree"u8)));
        AssertNames(Run(Changed(files => files["checkpoints/256"] = Encoding.UTF8.GetBytes(forked))), "checkpoints/256",
            FailureCode.TreeRootMismatch);
    }

    [Fact]
    public void A_kept_checkpoint_beyond_the_newest_shows_a_rollback()
    {
        var lost = Ledger.Sign(new Checkpoint(Ledger.Origin, 700, Digest.Sha256("lost entries"u8)));
        AssertNames(Run(Changed(files => files["checkpoints/700"] = Encoding.UTF8.GetBytes(lost))), "checkpoints/700",
            FailureCode.CheckpointBeyondHead);
    }

    [Fact]
    public void A_kept_checkpoint_under_another_size_is_named() => AssertNames(
        Run(Changed(files => files["checkpoints/300"] = files["checkpoints/256"])), "checkpoints/300", FailureCode.CheckpointSizeMismatch);

    [Fact]
    public void A_claim_of_other_keys_is_named()
    {
        var claim = VirtualLedger.With(1, "other").TrustedLog()
            with { Tenant = "demo", Origin = Ledger.Origin, CheckpointKeys = Ledger.TrustedLog().CheckpointKeys };
        var file = new TrustFile([claim], TrustPolicy.Default).ToBytes();
        AssertNames(Run(Changed(files => files[ExportLayout.Trust] = file)), ExportLayout.Trust, FailureCode.EntryKeyUnknown);
    }

    [Fact]
    public void Public_tiles_alone_are_rebuilt_and_say_nothing_of_signatures()
    {
        var report = One.Run(Tiles(Sound), FsckSource.PublicTiles, Ledger.Trust());
        Assert.Equal(CheckOutcome.Absent, report[CheckNames.StatementSignature].Outcome);
        Assert.Equal(CheckOutcome.Pass, report[CheckNames.Tree].Outcome);
        Assert.Equal(Verdict.VerifiedNotAnchored, report.Verdict);
        Assert.Equal(600, report.Size);
    }

    [Fact]
    public void Public_tiles_of_a_log_that_has_grown_and_dropped_its_partial_tiles_are_rebuilt()
    {
        var grown = VirtualLedger.With(800);
        var files = grown.Export();
        files[ExportLayout.Checkpoint] = Encoding.UTF8.GetBytes(grown.CheckpointAt(600));
        // Level 1 is far from full, so its partial tile of that time must still be served.
        files["tile/1/000.p/2"] = Sound["tile/1/000.p/2"];
        Assert.Equal(Verdict.VerifiedNotAnchored, One.Run(Tiles(files), FsckSource.PublicTiles, grown.Trust()).Verdict);
    }

    [Fact]
    public void A_public_tile_changed_or_missing_is_named()
    {
        foreach (var path in Sound.Keys.Where(path => path.StartsWith("tile/", StringComparison.Ordinal)))
        {
            var flipped = (byte[])Sound[path].Clone();
            flipped[flipped.Length / 2] ^= 1;
            AssertNames(One.Run(Tiles(Changed(files => files[path] = flipped)), FsckSource.PublicTiles, Ledger.Trust()), path,
                onlyNamed: !path.Contains("entries", StringComparison.Ordinal));
            AssertNames(One.Run(Tiles(Changed(files => files.Remove(path))), FsckSource.PublicTiles, Ledger.Trust()), path,
                FailureCode.FileMissing);
        }
    }

    [Fact]
    public void By_its_own_keys_an_export_is_self_consistent_only()
    {
        Assert.Equal(Verdict.SelfConsistentOnly, One.RunSelfConsistencyOnly(VirtualLedger.FolderOf(Sound), Ledger.Trust()).Verdict);
        Assert.Equal(Verdict.Failed,
            One.RunSelfConsistencyOnly(VirtualLedger.FolderOf(Changed(files => files.Remove("tile/0/000"))), Ledger.Trust()).Verdict);
    }

    [Fact]
    public void A_checkpoint_that_is_not_UTF8_is_refused_even_where_nobody_signed_it()
    {
        var files = VirtualLedger.With(2).Export();
        files[ExportLayout.Checkpoint] = [.. files[ExportLayout.Checkpoint], .. "\u2014 witness"u8, 0xff, .. " AAAAAAAA\n"u8];
        var report = Assert.Single(Fsck.Run(VirtualLedger.FolderOf(files), FsckSource.Export, VirtualLedger.With(2).Trust()));
        Assert.Equal(FailureCode.NoteMalformed, report[CheckNames.CheckpointSignature].Code);
    }

    [Fact]
    public void A_log_that_is_wrong_everywhere_is_not_a_longer_report()
    {
        var log = Ledger.TrustedLog() with { EntryKeys = [new TrustedEntryKey(Ledger.EntryKeyId, Ledger.EntryKey, 600)] };
        var report = One.Run(VirtualLedger.FolderOf(Sound), FsckSource.Export, new TrustFile([log], TrustPolicy.Default));
        Assert.Equal(FailureCode.EntryKeyOutOfRange, report[CheckNames.StatementSignature].Code);
        Assert.Equal(Limits.FsckFindings, report.Findings.Count);
    }

    private static FsckReport Run(IReadOnlyDictionary<string, byte[]> files) =>
        One.Run(VirtualLedger.FolderOf(files), FsckSource.Export, Ledger.Trust());

    private static SortedDictionary<string, byte[]> Changed(Action<SortedDictionary<string, byte[]>> change)
    {
        var files = new SortedDictionary<string, byte[]>(Sound, StringComparer.Ordinal);
        change(files);
        return files;
    }

    private static SortedDictionary<string, byte[]> WithLines(Action<List<string>> change) => Changed(files =>
    {
        var lines = Encoding.UTF8.GetString(files[ExportLayout.Entries]).Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        change(lines);
        files[ExportLayout.Entries] = Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));
    });

    private static LogFolder Tiles(SortedDictionary<string, byte[]> files)
    {
        var served = files.Where(file => file.Key == "checkpoint" || file.Key.StartsWith("tile/", StringComparison.Ordinal)).ToDictionary();
        return new LogFolder(path => served.TryGetValue(path, out var file) ? new MemoryStream(file, writable: false) : null);
    }

    private static void AssertNames(FsckReport report, string path, FailureCode? code = null, bool onlyNamed = false)
    {
        Assert.Equal(Verdict.Failed, report.Verdict);
        var named = report.Findings.Where(
            finding => finding.Where == path || finding.Where.StartsWith(path + ":", StringComparison.Ordinal)).ToArray();
        Assert.True(named.Length > 0, $"{path} is not among: {string.Join(", ", report.Findings)}");
        if (code is { } expected) Assert.Contains(named, finding => finding.Code == expected);
        if (onlyNamed) Assert.Equal(named, report.Findings);
    }

    /// <summary>Every log here but the reopened ones has one epoch.</summary>
    private static class One
    {
        public static FsckReport Run(LogFolder folder, FsckSource source, TrustFile trust) =>
            Assert.Single(Fsck.Run(folder, source, trust));

        public static FsckReport RunSelfConsistencyOnly(LogFolder folder, TrustFile claim) =>
            Assert.Single(Fsck.RunSelfConsistencyOnly(folder, claim));
    }
}
