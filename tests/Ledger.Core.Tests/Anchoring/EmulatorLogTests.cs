using Ledger.Core.Anchoring;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.DevHost.Emulators.Timestamping;
using Ledger.Testing;
using Ledger.Verify.Anchoring;
using TimestampingOptions = Ledger.Core.Anchoring.TimestampingOptions;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>The clients against the emulators, which share no code with them and are held to recorded answers of the real servers: each way
/// in which one can be told to fail, seen from the other side.</summary>
public sealed class EmulatorLogTests : IAsyncLifetime, IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TempFolder folder = new();
    private readonly AnchorKey key = new();
    private Rekor1Emulator v1 = null!;
    private Rekor2Emulator v2 = null!;

    public async Task InitializeAsync()
    {
        v1 = await Rekor1Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["v1"] }, Never);
        v2 = await Rekor2Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["v2"] }, Never);
        foreach (var version in new[] { 1, 2 })
            for (var i = 0; i < 3; i++) await Log(version).SubmitAsync(key.Sign($"before {i}"), Never);
    }

    public async Task DisposeAsync()
    {
        await v1.DisposeAsync();
        await v2.DisposeAsync();
    }

    public void Dispose()
    {
        key.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_entry_is_logged_once_found_again_and_of_one_history_with_all_others(int version)
    {
        var log = Log(version);
        var before = await log.LatestAsync(Never);
        var submission = key.Sign("ours");
        var logged = await log.SubmitAsync(submission, Never);
        var again = await log.SubmitAsync(submission, Never);
        Assert.Equal((false, true, logged.EntryId), (logged.WasThere, again.WasThere, again.EntryId));
        Assert.Equal(logged.EntryId, (await log.FindAsync(logged.EntryId, Never))!.EntryId);
        Assert.NotEmpty(await log.ConsistencyAsync(before, await log.LatestAsync(Never), Never));
        Assert.True(await log.AnswersAsync(Never));
    }

    [Fact]
    public async Task A_dsse_is_logged_once_on_v1()
    {
        var submission = key.Envelope("{}");
        var logged = await Log(1).SubmitAsync(submission, Never);
        Assert.Equal(("dsse", logged.EntryId), (logged.Entry.Kind, (await Log(1).SubmitAsync(submission, Never)).EntryId));
    }

    [Fact]
    public async Task Entries_of_a_closed_shard_are_found_beside_those_of_the_new_one()
    {
        var submission = key.Sign("in the first shard");
        var older = await Log(1).SubmitAsync(submission, Never);
        v1.AddShard();
        var newer = await Log(1).SubmitAsync(key.Sign("in the second"), Never);
        Assert.Equal((older.Entry.LogIndex + 1, 0), (newer.Entry.LogIndex, newer.Entry.Inclusion.LogIndex));
        Assert.NotEqual(older.Checkpoint.Origin, newer.Checkpoint.Origin);
        // A log looks for the equal entry in its active tree alone: the same bytes get a second index in the new one.
        var second = await Log(1).SubmitAsync(submission, Never);
        Assert.Equal((false, older.EntryId[16..]), (second.WasThere, second.EntryId[16..]));
        Assert.Equal(older.Checkpoint.Origin, (await Log(1).FindAsync(older.EntryId, Never))!.Checkpoint.Origin);
        Assert.Equal(second.Checkpoint.Origin, (await Log(1).FindAsync(second.EntryId, Never))!.Checkpoint.Origin);
        Assert.Equal([true, false], (await Log(1).HeadsAsync(Never)).Select(head => head.Active));
    }

    [Theory]
    [InlineData(1, FaultMode.Drop)]
    [InlineData(1, FaultMode.Down)]
    [InlineData(2, FaultMode.Drop)]
    [InlineData(2, FaultMode.Down)]
    public async Task An_answer_that_was_lost_after_the_work_is_a_success_at_the_next_try(int version, FaultMode mode)
    {
        var (faults, size) = version == 1 ? (v1.Faults, v1.Size) : (v2.Faults, v2.Size);
        faults.Set(new Fault(mode) { Count = 1, AfterWork = mode == FaultMode.Down });
        Assert.True((await Log(version).SubmitAsync(key.Sign("lost"), Never)).WasThere);
        Assert.Equal(size + 1, version == 1 ? v1.Size : v2.Size);
    }

    [Theory]
    [InlineData(1, FaultMode.WrongSignature, LogFailureClass.Log)]
    [InlineData(1, FaultMode.WrongKey, LogFailureClass.Log)]
    [InlineData(1, FaultMode.WrongProof, LogFailureClass.Log)]
    [InlineData(1, FaultMode.WrongRoot, LogFailureClass.Log)]
    [InlineData(1, FaultMode.OtherEntry, LogFailureClass.Log)]
    [InlineData(1, FaultMode.ServerError, LogFailureClass.Network)]
    [InlineData(1, FaultMode.TooManyRequests, LogFailureClass.Network)]
    [InlineData(2, FaultMode.WrongSignature, LogFailureClass.Log)]
    [InlineData(2, FaultMode.WrongKey, LogFailureClass.Log)]
    [InlineData(2, FaultMode.WrongProof, LogFailureClass.Log)]
    [InlineData(2, FaultMode.WrongRoot, LogFailureClass.Log)]
    [InlineData(2, FaultMode.OtherEntry, LogFailureClass.Log)]
    [InlineData(2, FaultMode.ServerError, LogFailureClass.Network)]
    [InlineData(2, FaultMode.Pushback, LogFailureClass.Network)]
    [InlineData(2, FaultMode.Frozen, LogFailureClass.Config)]
    public async Task A_log_that_fails_or_lies_is_not_believed_until_it_tells_the_truth(int version, FaultMode mode, LogFailureClass who)
    {
        var faults = version == 1 ? v1.Faults : v2.Faults;
        var submission = key.Sign("told a lie");
        faults.Set(mode);
        Assert.Equal(who, (await Assert.ThrowsAsync<LogException>(() => Log(version).SubmitAsync(submission, Never))).Class);
        faults.Clear();
        Assert.NotNull(await Log(version).SubmitAsync(submission, Never));
    }

    [Theory]
    [InlineData(1, FaultMode.ForkedTree)]
    [InlineData(2, FaultMode.ForkedTree)]
    [InlineData(1, FaultMode.ShrunkTree)]
    [InlineData(2, FaultMode.ShrunkTree)]
    public async Task Another_history_cannot_be_proved(int version, FaultMode mode)
    {
        var log = Log(version);
        var before = await log.LatestAsync(Never);
        await log.SubmitAsync(key.Sign("one more"), Never);
        var after = await log.LatestAsync(Never);
        (version == 1 ? v1.Faults : v2.Faults).Set(mode);
        var shown = await log.LatestAsync(Never);
        var refused = await Assert.ThrowsAsync<LogException>(() =>
            mode == FaultMode.ShrunkTree ? log.ConsistencyAsync(after, shown, Never) : log.ConsistencyAsync(before, shown, Never));
        Assert.Equal(LogFailureClass.Log, refused.Class);
        Assert.NotNull(refused.Code);
    }

    [Fact]
    public async Task A_timestamp_is_had_and_one_that_lies_is_not()
    {
        await using var authority = await TimestampingEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["tsa"] }, Never);
        var options = new TimestampingOptions { Url = authority.Url, Certificates = authority.Certificates };
        var client = TimestampClient.Of(options, TimeProvider.System);
        var signature = key.Sign("stamped").Signature;
        Assert.Null(TimestampToken.Verify(await client.StampAsync(signature, Never), signature, [options.Trusted()!], out _));
        foreach (var mode in new[] { FaultMode.WrongSignature, FaultMode.WrongKey, FaultMode.WrongImprint })
        {
            authority.Faults.Clear();
            authority.Faults.Set(mode);
            Assert.Equal(LogFailureClass.Log, (await Assert.ThrowsAsync<LogException>(() => client.StampAsync(signature, Never))).Class);
        }
    }

    private ITransparencyLog Log(int version) => version == 1
        ? Client.V1(v1.Address, v1.PublicKey, v1.Origin)
        : Client.V2(v2.Address, v2.PublicKey, v2.Origin);
}
