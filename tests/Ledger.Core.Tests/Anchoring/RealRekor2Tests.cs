using Ledger.Core.Anchoring;
using Ledger.Testing.Attributes;
using Ledger.Testing.Rekor;
using Ledger.Verify;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The v2 client against a real Rekor.</summary>
public sealed class RealRekor2Tests : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly AnchorKey key = new();

    public void Dispose() => key.Dispose();

    [RealRekor2Fact]
    public async Task A_hashedrekord_is_logged_once_and_found_again()
    {
        var log = await OpenAsync();
        var submission = key.Sign($"body {Guid.NewGuid()}");
        var first = await log.SubmitAsync(submission, Never);
        var again = await log.SubmitAsync(submission, Never);
        Assert.Equal((false, true, first.EntryId), (first.WasThere, again.WasThere, again.EntryId));
        Assert.Equal(first.Entry.CanonicalizedBody, again.Entry.CanonicalizedBody);
        Assert.Equal($"{log.Trusted.LogId}:{first.Entry.LogIndex}", first.EntryId);
        var found = await log.FindAsync(first.EntryId, Never);
        Assert.Equal(first.Entry.CanonicalizedBody, found!.Entry.CanonicalizedBody);
        Assert.Null(await log.FindAsync($"{log.Trusted.LogId}:1000000", Never));
        Assert.True(await log.AnswersAsync(Never));
    }

    [RealRekor2Fact]
    public async Task Entries_and_history_are_proved_over_more_than_one_tile()
    {
        await using var rekor = await RealRekor.StartV2Async();
        var log = Client.V2(rekor.Url, rekor.PublicKey, rekor.Origin);
        var empty = await log.LatestAsync(Never);
        var first = await log.SubmitAsync(key.Sign("first"), Never);
        var logged = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => log.SubmitAsync(key.Sign($"entry {i}"), Never)));
        var latest = await log.LatestAsync(Never);
        Assert.Equal(301, latest.Size);
        foreach (var entry in logged.Append(first).Where(e => e.Entry.LogIndex % 37 == 0))
            Assert.Equal(entry.Entry.CanonicalizedBody, (await log.FindAsync(entry.EntryId, Never))!.Entry.CanonicalizedBody);
        foreach (var from in logged.Select(e => e.Checkpoint).Append(first.Checkpoint).Append(empty).DistinctBy(c => c.Size))
            await log.ConsistencyAsync(from, latest, Never);
        var forged = first.Checkpoint with { Root = Digest.Sha256([1]) };
        var refused = await Assert.ThrowsAsync<LogException>(() => log.ConsistencyAsync(forged, latest, Never));
        // A tree of one leaf is a subtree of the other: its root is where the proof begins.
        Assert.Equal((LogFailureClass.Log, FailureCode.ConsistencyToRootMismatch), (refused.Class, refused.Code));
        Assert.True((await log.SubmitAsync(key.Sign("entry 0"), Never)).Entry.LogIndex >= 301, "ECDSA is randomised: another signature");
    }

    [RealRekor2Fact]
    public async Task A_frozen_log_is_a_matter_of_configuration_and_still_read()
    {
        await using var rekor = await RealRekor.StartV2Async();
        var log = Client.V2(rekor.Url, rekor.PublicKey, rekor.Origin);
        var logged = await log.SubmitAsync(key.Sign("before"), Never);
        await rekor.StopAsync();
        await rekor.StartAgainAsync("--read-only");
        var refused = await Assert.ThrowsAsync<LogException>(() => log.SubmitAsync(key.Sign("after"), Never));
        Assert.Equal(LogFailureClass.Config, refused.Class);
        Assert.Contains("frozen", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(await log.FindAsync(logged.EntryId, Never));
    }

    [RealRekor2Fact]
    public async Task An_entry_whose_answer_never_came_is_found_by_the_retry()
    {
        // The checkpoint comes later than the server waits for it: it closes the connection, though the entry is in the log.
        await using var rekor = await RealRekor.StartV2Async("--server-timeout=1s --checkpoint-interval=4s");
        var log = Client.V2(rekor.Url, rekor.PublicKey, rekor.Origin);
        var submission = key.Sign("slow");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var logged = await log.SubmitAsync(submission, Never);
                Assert.Equal(0, logged.Entry.LogIndex);
                return;
            }
            catch (LogException e) when (e.Class == LogFailureClass.Network && attempt < 5)
            {
                // As its job would: later, with the same bytes.
            }
        }
    }

    private static async Task<RekorV2Client> OpenAsync()
    {
        var rekor = await RealRekor.SharedV2Async();
        return Client.V2(rekor.Url, rekor.PublicKey, rekor.Origin);
    }
}
