using Ledger.Core.Anchoring;
using Ledger.Core.Jobs;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Every step of an anchor that leaves a trace, failed before it persisted and failed after it persisted. The same method goes on
/// from either, with the same bytes, and nothing is logged twice.</summary>
public sealed class AnchoringFaultTests
{
    private const string Signing = "/v1/transit/sign/ledger-ed25519-anchor";

    [PostgresTheory]
    [InlineData(FaultMode.Down)] // before: Vault never heard of it
    [InlineData(FaultMode.Drop)] // after: Vault signed, nobody has the signature
    [InlineData(FaultMode.ServerError)]
    [InlineData(FaultMode.Sealed)]
    public async Task Signing_failed(FaultMode mode)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        anchoring.Ledger.Vault.Faults.Set(mode, Signing);
        await anchoring.Worker.StepAsync();
        Assert.Equal(["pending|1|0|network|true"], await anchoring.TableAsync(
            "SELECT status, attempt_count, counted_attempts, last_error_class, (frozen_signature IS NULL)::text FROM jobs"));
        Assert.Equal(0, anchoring.Rekor.Size);

        anchoring.Ledger.Vault.Faults.Clear();
        await anchoring.SettleAsync();
        await AssertOnceAsync(anchoring, size: 3);
    }

    [PostgresTheory]
    [InlineData(FaultMode.WrongSignature)]
    [InlineData(FaultMode.WrongKey)]
    public async Task What_Vault_signs_wrongly_is_a_persons_matter_and_never_leaves(FaultMode mode)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        anchoring.Ledger.Vault.Faults.Set(mode, mode == FaultMode.WrongKey ? "/v1/transit" : Signing);
        await anchoring.Worker.StepAsync();
        Assert.Equal(["pending|1|config"], await anchoring.TableAsync("SELECT status, counted_attempts, last_error_class FROM jobs"));
        Assert.Empty(anchoring.Log.Submissions);

        anchoring.Ledger.Vault.Faults.Clear();
        await anchoring.SettleAsync();
        await AssertOnceAsync(anchoring, size: 3);
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Freezing_the_signature_failed(bool afterItPersisted)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(1);
        await using var way = new CommitCutter(anchoring.Ledger.Database.Workers);
        var worker = anchoring.StartWorker(way.ConnectionString);
        await worker.StepAsync(); // its keys are known from here on
        await anchoring.AppendDueAsync(2);
        await worker.ScheduleAsync();

        way.CutAt(2, afterItPersisted); // 1 the claim, 2 the freezing
        await worker.RunAsync();
        Assert.Equal(1, anchoring.Rekor.Size);
        var frozen = await FrozenAsync(anchoring);
        Assert.Equal(afterItPersisted, frozen.Length > 0);
        await anchoring.AppendAsync(4);

        await anchoring.LapseLeasesAsync();
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(5));
        await worker.StepAsync();
        // Frozen: the size chosen then. Not frozen: chosen anew, the newest.
        await AssertOnceAsync(anchoring, size: afterItPersisted ? 3 : 7, anchors: 2);
        if (afterItPersisted) Assert.Contains(frozen, await anchoring.TableAsync("SELECT encode(frozen_signature, 'hex') FROM jobs"));
    }

    [PostgresTheory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Submitting_failed(bool afterItPersisted, bool workerDied)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        void Fail()
        {
            if (workerDied) throw new JobLeaseLostException(); // nothing is written: the row stays as a killed worker leaves it
            throw new LogException(LogFailureClass.Network, "cut");
        }
        anchoring.Log.BeforeSubmit = () => { if (!afterItPersisted) Fail(); return Task.CompletedTask; };
        anchoring.Log.AfterSubmit = _ => { Fail(); return Task.CompletedTask; };
        await anchoring.Worker.StepAsync();
        Assert.Equal(afterItPersisted ? 1 : 0, anchoring.Rekor.Size);
        Assert.Equal(["0"], await anchoring.TableAsync("SELECT count(*) FROM anchors"));
        var frozen = await FrozenAsync(anchoring);
        await anchoring.AppendAsync(4);

        (anchoring.Log.BeforeSubmit, anchoring.Log.AfterSubmit) = (null, null);
        if (workerDied) await anchoring.LapseLeasesAsync();
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(5));
        await anchoring.Worker.RunAsync();
        await AssertOnceAsync(anchoring, size: 3);
        Assert.Equal(frozen, await FrozenAsync(anchoring));
        Assert.All(anchoring.Log.Submissions, s => Assert.Equal(frozen, Convert.ToHexStringLower(s.Signature)));
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Storing_the_anchor_failed(bool afterItPersisted)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await using var way = new CommitCutter(anchoring.Ledger.Database.Workers);
        var worker = anchoring.StartWorker(way.ConnectionString);
        await anchoring.AppendDueAsync(3);
        anchoring.Log.AfterSubmit = _ =>
        {
            way.CutAt(2, afterItPersisted); // 1 the head of the log, 2 anchor and done job
            return Task.CompletedTask;
        };
        await worker.StepAsync();
        Assert.Equal(1, anchoring.Rekor.Size);
        Assert.Equal([afterItPersisted ? "1" : "0"], await anchoring.TableAsync("SELECT count(*) FROM anchors"));

        anchoring.Log.AfterSubmit = null;
        await anchoring.SettleAsync();
        await AssertOnceAsync(anchoring, size: 3);
    }

    [PostgresTheory]
    [InlineData(FaultMode.Down)] // before: no timestamp was made
    [InlineData(FaultMode.Drop)] // after: one was made that nobody has
    [InlineData(FaultMode.WrongImprint)]
    [InlineData(FaultMode.WrongKey)]
    public async Task Timestamping_failed(FaultMode mode)
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await anchoring.AppendDueAsync(3);
        anchoring.Tsa!.Faults.Set(mode);
        await anchoring.Worker.StepAsync();
        Assert.Equal((1, 0), (anchoring.Rekor.Size, anchoring.Rekor2!.Size)); // the other log does not wait

        anchoring.Tsa.Faults.Clear();
        await anchoring.SettleAsync();
        Assert.Equal((1, 1), (anchoring.Rekor.Size, anchoring.Rekor2.Size));
        Assert.Equal(2, await AnchorCheck.RunAsync(anchoring));
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Freezing_the_timestamp_failed(bool afterItPersisted)
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await using var way = new CommitCutter(anchoring.Ledger.Database.Workers);
        var worker = anchoring.StartWorker(way.ConnectionString, new TransparencyLogs([anchoring.Log2], anchoring.Logs.Root));
        await anchoring.AppendDueAsync(1);
        await worker.StepAsync();
        await anchoring.AppendDueAsync(2);
        await worker.ScheduleAsync();

        way.CutAt(3, afterItPersisted); // 1 the claim, 2 the signature, 3 the timestamp
        await worker.RunAsync();
        Assert.Equal(1, anchoring.Rekor2!.Size);
        var frozen = await anchoring.TableAsync("SELECT encode(frozen_timestamp, 'hex') FROM jobs WHERE status <> 'done'");
        Assert.Equal(afterItPersisted, frozen[0].Length > 0);

        await anchoring.LapseLeasesAsync();
        anchoring.Ledger.Time.Advance(TimeSpan.FromSeconds(5));
        await worker.RunAsync();
        Assert.Equal(2, anchoring.Rekor2.Size);
        Assert.Equal(2, await AnchorCheck.RunAsync(anchoring));
        if (afterItPersisted)
            Assert.Contains(frozen[0], await anchoring.TableAsync("SELECT encode(frozen_timestamp, 'hex') FROM jobs"));
    }

    private static async Task<string> FrozenAsync(TestAnchoring anchoring) => Assert.Single(
        await anchoring.TableAsync("SELECT encode(frozen_signature, 'hex') FROM jobs ORDER BY created_at DESC LIMIT 1"));

    private static async Task AssertOnceAsync(TestAnchoring anchoring, long size, int anchors = 1)
    {
        Assert.Equal([$"{size}"], await anchoring.TableAsync("SELECT max(position) FROM anchors"));
        Assert.Equal(anchors, anchoring.Rekor.Size);
        Assert.Equal(anchors, await AnchorCheck.RunAsync(anchoring));
    }
}
