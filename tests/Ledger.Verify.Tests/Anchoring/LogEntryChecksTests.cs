using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>The strict checks that anchors are held to: everything that an entry claims must be the verified value.</summary>
public sealed class LogEntryChecksTests
{
    private static readonly VirtualLog V1 = VirtualLog.Rekor1().Fill(6);
    private static readonly VirtualLog V2 = VirtualLog.Rekor2().Fill(6);

    [Fact]
    public void Every_claim_beside_the_path_must_be_the_checkpoints()
    {
        foreach (var log in new[] { V1, V2 })
        {
            var entry = log.Entry(2);
            LogEntryChecks.Checkpoint(entry, log.Trusted, out var believed);
            FailureCode? Refusal(Func<LogInclusion, LogInclusion> change) =>
                LogEntryChecks.Inclusion(entry with { Inclusion = change(entry.Inclusion) }, believed!);
            Assert.Null(Refusal(proof => proof));
            Assert.Equal(FailureCode.LogRootMismatch, Refusal(proof => proof with { RootHash = log.Root(5) }));
            Assert.Equal(FailureCode.LogSizeMismatch, Refusal(proof => proof with { TreeSize = 5 }));
            Assert.Equal(FailureCode.InclusionRootMismatch, Refusal(proof => proof with { Hashes = [.. proof.Hashes.Reverse()] }));
            Assert.Equal(FailureCode.InclusionProofLength, Refusal(proof => proof with { Hashes = [.. proof.Hashes, Digest.Zero] }));
        }
    }

    [Fact]
    public void A_log_of_one_tree_has_one_index_and_a_shards_is_never_above_the_global_one()
    {
        LogEntryChecks.Checkpoint(V2.Entry(2), V2.Trusted, out var two);
        Assert.Equal(FailureCode.LogIndexMismatch, LogEntryChecks.Inclusion(V2.Entry(2) with { LogIndex = 3 }, two!));
        LogEntryChecks.Checkpoint(V1.Entry(2), V1.Trusted, out var one);
        Assert.True(one!.IsShard);
        Assert.Null(LogEntryChecks.Inclusion(V1.Entry(2) with { LogIndex = 2 }, one));
        Assert.Equal(FailureCode.LogIndexMismatch, LogEntryChecks.Inclusion(V1.Entry(2) with { LogIndex = 1 }, one));
    }

    [Fact]
    public void An_entry_of_another_log_is_nobodys()
    {
        Assert.Equal(FailureCode.LogUnknown, LogEntryChecks.Checkpoint(V1.Entry(0), V2.Trusted, out var none));
        Assert.Null(none);
        Assert.Equal(FailureCode.LogUnknown, LogEntryChecks.SignedEntryTimestamp(V1.Entry(0), V2.Trusted));
        Assert.Equal(FailureCode.SetInvalid,
            LogEntryChecks.SignedEntryTimestamp(V1.Entry(0) with { SignedEntryTimestamp = null }, V1.Trusted));
    }

    [Fact]
    public void A_promise_counts_in_the_keys_window_both_ends_included()
    {
        var entry = V1.Entry(0);
        var time = DateTimeOffset.FromUnixTimeSeconds(entry.IntegratedTime);
        FailureCode? Within(DateTimeOffset from, DateTimeOffset? to) =>
            LogEntryChecks.SignedEntryTimestamp(entry, V1.Trusted with { ValidFrom = from, ValidTo = to });
        Assert.Null(Within(time, time));
        Assert.Equal(FailureCode.SetOutOfValidity, Within(time.AddSeconds(1), null));
        Assert.Equal(FailureCode.SetOutOfValidity, Within(DateTimeOffset.MinValue, time.AddSeconds(-1)));
        foreach (var absurd in new[] { 0, -1, long.MinValue, long.MaxValue })
        {
            Assert.Equal(FailureCode.SetOutOfValidity,
                LogEntryChecks.SignedEntryTimestamp(entry with { IntegratedTime = absurd }, V1.Trusted));
        }
    }

    [Fact]
    public void A_note_is_believed_only_in_one_spelling_and_under_the_logs_name()
    {
        var note = V1.Checkpoint(6);
        Assert.Null(LogCheckpoint.Verify(note, V1.Trusted, out var checkpoint));
        Assert.Equal(6, checkpoint!.Size);
        var renamed = note.Replace("\u2014 rekor", "\u2014 rekorx", StringComparison.Ordinal);
        Assert.Equal(FailureCode.LogOriginMismatch, LogCheckpoint.Verify(renamed, V1.Trusted, out checkpoint));
        Assert.Null(checkpoint);
        var text = V2.Checkpoint(6).Split("\n\n")[0] + "\n";
        var twice = $"{text}\n{V2.SignatureLine(V2.Trusted.Origin, text)}{V2.SignatureLine(V2.Trusted.Origin, "other\n")}";
        Assert.Equal(FailureCode.NoteSignatureInvalid, LogCheckpoint.Verify(twice, V2.Trusted, out _));
        Assert.Null(LogCheckpoint.VerifyLeniently(twice, V2.Trusted, out _));
    }

    [Fact]
    public void A_logs_key_of_another_kind_verifies_nothing()
    {
        var log = V2.Trusted with { Spki = [1, 2, 3] };
        Assert.Equal(FailureCode.KeyUnsupported, LogCheckpoint.Verify(V2.Checkpoint(1), log, out _));
        Assert.Equal(FailureCode.NoteKeyUnknown, LogCheckpoint.Verify(V1.Checkpoint(1), log, out _));
        Assert.Throws<ArgumentException>(() => LogKey.IdOf("o", [1, 2, 3]));
        var offTheCurve = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d03010703420004" + new string('1', 128));
        Assert.False(LogKey.IsSupported(offTheCurve));
        Assert.Throws<ArgumentException>(() => new Ledger.Verify.Verification.SigstoreVerifier([1], new TrustedRoot([], [])));
    }
}
