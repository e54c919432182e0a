using Ledger.Core.Checkpoints;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Verification;
using Npgsql;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>The way on for a log that its database lost a part of: a new epoch, opened by a person.</summary>
public sealed class EpochOpeningTests
{
    private const string AnchorKey = "ledger-ed25519-anchor-demo";

    [PostgresFact]
    public async Task After_a_restore_the_next_epoch_begins_with_the_newest_checkpoint_that_was_shown_and_goes_on()
    {
        await using var ledger = await TestLog.StartAsync();
        var shown = await RolledBackAsync(ledger);

        var opened = await ledger.OpenEpochAsync();
        Assert.Equal((2, "ledger.test/log/demo/2", shown), (opened.Epoch, opened.Origin, opened.PreviousCheckpoint));
        var entry = (await ledger.Api.Reader.FindAsync(TestLog.Demo, opened.EntryId, default))!;
        Assert.Equal((0L, PredicateTypes.Epoch, "epoch 2", shown, Digest.Sha256(System.Text.Encoding.UTF8.GetBytes(shown))),
            (entry.Entry.Seq, entry.Entry.PredicateType, entry.Entry.Subject, entry.Entry.PreviousCheckpoint, entry.Entry.PayloadHash));
        Assert.Equal("""{"reason":"a test"}""", System.Text.Encoding.UTF8.GetString(entry.Meta!));

        await ledger.AppendAsync(300); // the same process that was refused before
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        Assert.Equal(301, await ledger.CheckLogAsync(epoch: 2));
        Assert.Equal("log-rolled-back", await ledger.HaltedAsync()); // the closed epoch stays what it is
        Assert.Null(await ledger.HaltedAsync(epoch: 2));
        Assert.Equal(["epoch.open|test|demo/2: a test"], await TableAsync(ledger, """
            SELECT convert_from(event, 'UTF8')::json ->> 'action', convert_from(event, 'UTF8')::json ->> 'actor',
                   convert_from(event, 'UTF8')::json ->> 'target'
              FROM audit_outbox WHERE tenant_id = 'demo' AND convert_from(event, 'UTF8') LIKE '%epoch.open%'
            """));
    }

    [PostgresFact]
    public async Task Each_epoch_has_anchor_and_payload_keys_of_its_own_and_the_service_keys_of_all()
    {
        await using var ledger = await TestLog.StartAsync();
        await RolledBackAsync(ledger);
        await ledger.OpenEpochAsync();
        var trust = (await new TrustFileReader(ledger.Api.Database).ReadAsync(TestLog.Demo, default))!;
        Assert.True(TrustFile.TryParse(trust.ToBytes(), out trust, out var failure), $"{failure}");
        Assert.Equal(["ledger.test/log/demo", "ledger.test/log/demo/2"], trust.Logs.Select(l => l.Origin));
        var (first, second) = (trust.Logs[0], trust.Logs[1]);
        Assert.NotEqual(Assert.Single(first.AnchorKeys), Assert.Single(second.AnchorKeys));
        Assert.NotEqual(Assert.Single(first.PayloadKeys!), Assert.Single(second.PayloadKeys!));
        Assert.Equal(first.EntryKeys[0].KeyId, Assert.Single(second.EntryKeys).KeyId);

        var worker = ledger.StartWorker();
        await using var transaction = await worker.Database.BeginAsync(TestLog.Demo, default);
        Assert.Equal(1, await EpochKeys.VersionAsync(transaction, TestLog.Demo, 1, KeyPurpose.Anchor, default));
        Assert.Null(await EpochKeys.VersionAsync(transaction, TestLog.Demo, 2, KeyPurpose.Anchor, default)); // the newest
        foreach (var (version, log) in new[] { ((int?)1, first), (null, second) })
        {
            var digest = Digest.Sha256("a body"u8).ToArray();
            var signed = (await worker.Signer.SignAsync(AnchorKey, KeyPurpose.Anchor, TestLog.Demo, [digest], default, version))[0];
            Assert.Equal(log.AnchorKeys[0], Verify.Signing.Spki.ToPem(signed.Key!.Spki));
        }
    }

    [PostgresFact]
    public async Task A_sound_log_keeps_its_epoch_unless_a_person_insists()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(integrator);
        await ledger.AppendAsync(1);
        Assert.Contains("sound", (await Assert.ThrowsAsync<LogOpeningException>(() => ledger.OpenEpochAsync())).Message,
            StringComparison.Ordinal);

        Assert.Equal(2, (await ledger.OpenEpochAsync(force: true)).Epoch);
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(integrator);
        Assert.Equal(4, await ledger.CheckLogAsync()); // what was not covered yet is covered in its own epoch
        Assert.Equal(3, await ledger.CheckLogAsync(epoch: 2));
        Assert.Equal(3, (await ledger.OpenEpochAsync(force: true)).Epoch);
        Assert.Contains("sound", (await Assert.ThrowsAsync<LogOpeningException>(() => ledger.OpenEpochAsync())).Message,
            StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_log_that_is_written_while_it_is_left_hands_over_the_newest_checkpoint()
    {
        await using var ledger = await TestLog.StartAsync();
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(integrator);
        ledger.Marks.BeforeCreate = async () => // the handover was read, entry 0 is not signed yet
        {
            await ledger.AppendAsync(1);
            await TestLog.IntegrateAsync(integrator);
        };
        var opened = await ledger.OpenEpochAsync(force: true);
        var newest = (await ledger.Marks.ReadAsync(TestLog.Demo, 1, default))!.Mark;
        Assert.Equal((4, newest.Note), (newest.Size, opened.PreviousCheckpoint));
        Assert.Equal(newest.Note,
            await ledger.ScalarAsync<string>("SELECT previous_checkpoint FROM chain_entries WHERE tenant_id = 'demo' AND epoch = 2"));
    }

    [PostgresFact]
    public async Task A_log_keeps_its_name_when_the_service_is_renamed()
    {
        await using var ledger = await TestLog.StartAsync();
        var shown = await RolledBackAsync(ledger);
        var opened = await ledger.OpenEpochAsync(logName: "renamed.test");
        Assert.Equal(("renamed.test/log/demo/2", shown), (opened.Origin, opened.PreviousCheckpoint));
    }

    [PostgresFact]
    public async Task A_head_that_somebody_moved_is_recovered_from_too()
    {
        await using var ledger = await TestLog.StartAsync();
        await ledger.AppendAsync(2);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        await ledger.SqlAsync("UPDATE chain_heads SET head_hash = sha256('another') WHERE tenant_id = 'demo'");
        Assert.Equal(ProblemTypes.LogHalted, (await LedgerUnderTest.ProblemOfAsync(() => ledger.AppendAsync(1))).Type);
        await ledger.OpenEpochAsync();
        await ledger.AppendAsync(1);
    }

    [PostgresFact]
    public async Task A_log_that_lost_its_mark_goes_on_from_its_newest_stored_checkpoint_and_one_without_any_does_not()
    {
        await using var ledger = await TestLog.StartAsync();
        File.Delete(Path.Combine(ledger.MarksFolder, "demo", "1"));
        await Assert.ThrowsAsync<LogOpeningException>(() => ledger.OpenEpochAsync(force: true));

        await using var other = await TestLog.StartAsync();
        await other.AppendAsync(3);
        await TestLog.IntegrateAsync(other.StartIntegrator());
        File.Delete(Path.Combine(other.MarksFolder, "demo", "1"));
        other.Time.Advance(Core.Entries.LogFloors.Freshness);
        Assert.Equal(ProblemTypes.LogRolledBack, (await LedgerUnderTest.ProblemOfAsync(() => other.AppendAsync(1))).Type);
        Assert.Contains("ledger.test/log/demo\n3\n", (await other.OpenEpochAsync()).PreviousCheckpoint, StringComparison.Ordinal);
        await other.AppendAsync(1); // the process that was refused goes on
    }

    [PostgresFact]
    public async Task A_database_from_before_the_epoch_does_not_write_the_old_one_on_and_a_third_epoch_follows()
    {
        await using var ledger = await TestLog.StartAsync();
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        var sound = await DatabaseCopy.TakeAsync(ledger); // epoch 1 whole, as its mark says
        await ledger.OpenEpochAsync(force: true);
        await ledger.AppendAsync(1);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        var second = (await ledger.Marks.ReadAsync(TestLog.Demo, 2, default))!.Mark.Note;

        await sound.RestoreAsync();
        var fresh = ledger.Process(ledger.Database.Api, DatabaseRole.App);
        Assert.Equal(ProblemTypes.LogRolledBack, (await LedgerUnderTest.ProblemOfAsync(() => fresh.AppendAsync(TestLog.Demo))).Type);
        Assert.Equal(0, await TestLog.IntegrateAsync(ledger.StartIntegrator()));
        Assert.Equal("log-rolled-back", await ledger.HaltedAsync());

        var third = await ledger.OpenEpochAsync();
        Assert.Equal((3, second), (third.Epoch, third.PreviousCheckpoint));
        Assert.Equal(1, (await fresh.AppendAsync(TestLog.Demo)).Seq);
    }

    [PostgresTheory]
    [InlineData("down")]
    [InlineData("lost answer")]
    public async Task A_rotation_that_failed_before_or_after_it_persisted_is_done_once(string how)
    {
        await using var ledger = await TestLog.StartAsync();
        await RolledBackAsync(ledger);
        ledger.Vault.Faults.Set(new Fault(FaultMode.Down)
        {
            PathPrefix = $"/v1/transit/keys/{AnchorKey}/rotate",
            AfterWork = how == "lost answer",
            Count = 1,
        });
        Assert.Equal(ProblemTypes.SignerUnavailable, (await LedgerUnderTest.ProblemOfAsync(() => ledger.OpenEpochAsync())).Type);
        await AssertStillClosedAsync(ledger);
        Assert.Equal(2, (await ledger.OpenEpochAsync()).Epoch);
        Assert.Equal(2, await ledger.ScalarAsync<int>($"SELECT max(vault_version) FROM signing_keys WHERE vault_name = '{AnchorKey}'"));
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_mark_that_failed_before_or_after_it_persisted_is_made_once(bool persisted)
    {
        await using var ledger = await TestLog.StartAsync();
        await RolledBackAsync(ledger);
        ledger.Marks.NextCreate = persisted ? FaultyMarks.Fault.AfterItPersisted : FaultyMarks.Fault.BeforeItPersisted;
        await Assert.ThrowsAsync<IOException>(() => ledger.OpenEpochAsync());
        await AssertStillClosedAsync(ledger);
        Assert.Equal(persisted, await ledger.Marks.ReadAsync(TestLog.Demo, 2, default) is not null);
        Assert.Equal(2, (await ledger.OpenEpochAsync()).Epoch);
    }

    [PostgresFact]
    public async Task A_signature_that_failed_leaves_nothing_behind()
    {
        await using var ledger = await TestLog.StartAsync();
        await RolledBackAsync(ledger);
        ledger.Vault.Faults.Set(FaultMode.Down, "/v1/transit/sign/ledger-ed25519", 1);
        Assert.Equal(ProblemTypes.SignerUnavailable, (await LedgerUnderTest.ProblemOfAsync(() => ledger.OpenEpochAsync())).Type);
        await AssertStillClosedAsync(ledger);
        Assert.Equal(2, (await ledger.OpenEpochAsync()).Epoch);
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_commit_that_failed_before_or_after_it_persisted_opens_one_epoch(bool persisted)
    {
        await using var ledger = await TestLog.StartAsync();
        await RolledBackAsync(ledger);
        await using var cutter = new CommitCutter(ledger.Database.Owner);
        // Four of the keys' records commit before it, and the judgement of the handover's key.
        var commits = 0;
        while (await ledger.ScalarAsync<int>("SELECT current_epoch FROM tenants WHERE tenant_id = 'demo'") == 1)
        {
            cutter.CutAt(++commits, persisted);
            try { await ledger.OpenEpochAsync(connection: cutter.ConnectionString); }
            catch (Exception e) when (e is NpgsqlException or LogOpeningException) { }
            Assert.InRange(commits, 1, 20);
        }
        Assert.True(commits > 3, $"only {commits} were cut");
        Assert.Equal(2, await ledger.ScalarAsync<int>("SELECT current_epoch FROM tenants WHERE tenant_id = 'demo'"));
        Assert.Equal(1L, await ledger.ScalarAsync<long>("SELECT count(*) FROM chain_entries WHERE epoch = 2"));
        Assert.Contains("sound", (await Assert.ThrowsAsync<LogOpeningException>(() => ledger.OpenEpochAsync())).Message,
            StringComparison.Ordinal);
        await ledger.AppendAsync(1);
    }

    [PostgresFact]
    public async Task A_version_that_a_worker_took_for_the_old_epoch_meanwhile_stays_the_old_ones()
    {
        await using var ledger = await TestLog.StartAsync();
        await RolledBackAsync(ledger);
        // Between the rotation and the rows: as late as possible, in the making of the mark.
        ledger.Marks.BeforeCreate = async () =>
        {
            var worker = ledger.StartWorker();
            var key = await worker.Keys.NewestAsync(AnchorKey, KeyPurpose.Anchor, TestLog.Demo, default);
            await using var transaction = await worker.Database.BeginAsync(TestLog.Demo, default);
            Assert.True(await KeyRangeStore.ClaimAsync(transaction, TestLog.Demo, 1, KeyPurpose.Anchor, key.KeyId, 3, default));
            await transaction.CommitAsync(default);
        };
        Assert.Equal(2, (await ledger.OpenEpochAsync()).Epoch);
        var trust = (await new TrustFileReader(ledger.Api.Database).ReadAsync(TestLog.Demo, default))!;
        Assert.Equal((2, 1), (trust.Logs[0].AnchorKeys.Count, trust.Logs[1].AnchorKeys.Count));
        Assert.DoesNotContain(trust.Logs[1].AnchorKeys[0], trust.Logs[0].AnchorKeys);

        // And the other way round: the new epoch's is not to be had for the old one.
        var late = ledger.StartWorker();
        var newest = await late.Keys.NewestAsync(AnchorKey, KeyPurpose.Anchor, TestLog.Demo, default);
        await using var claiming = await late.Database.BeginAsync(TestLog.Demo, default);
        Assert.False(await KeyRangeStore.ClaimAsync(claiming, TestLog.Demo, 1, KeyPurpose.Anchor, newest.KeyId, 3, default));
    }

    [PostgresFact]
    public async Task The_audit_trail_itself_can_be_recovered()
    {
        await using var ledger = await TestLog.StartAsync();
        var worker = ledger.StartWorker();
        await worker.AuditTrail.DrainAsync(default);
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        await ledger.OpenEpochAsync(force: true, tenant: TenantId.PlatformAudit);
        Assert.Equal(1, await worker.AuditTrail.DrainAsync(default)); // of this very act
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        Assert.Equal(2, await ledger.CheckLogAsync(TenantId.PlatformAudit, 2));
    }

    [PostgresFact]
    public async Task An_unknown_tenant_is_refused()
    {
        await using var ledger = await TestLog.StartAsync();
        await Assert.ThrowsAsync<LogOpeningException>(() => ledger.OpenEpochAsync(tenant: TenantId.Parse("nobody")));
    }

    /// <summary>Seven entries were shown, the database is back at three; returns the note of the seven.</summary>
    private static async Task<string> RolledBackAsync(TestLog ledger)
    {
        var integrator = ledger.StartIntegrator();
        await ledger.AppendAsync(3);
        await TestLog.IntegrateAsync(integrator);
        var copy = await DatabaseCopy.TakeAsync(ledger);
        await ledger.AppendAsync(4);
        await TestLog.IntegrateAsync(integrator);
        await copy.RestoreAsync();
        await TestLog.IntegrateAsync(ledger.StartIntegrator());
        Assert.Equal("log-rolled-back", await ledger.HaltedAsync());
        Assert.Equal(ProblemTypes.LogRolledBack, (await LedgerUnderTest.ProblemOfAsync(() => ledger.AppendAsync(1))).Type);
        return (await ledger.Marks.ReadAsync(TestLog.Demo, 1, default))!.Mark.Note;
    }

    private static async Task AssertStillClosedAsync(TestLog ledger)
    {
        Assert.Equal(1, await ledger.ScalarAsync<int>("SELECT current_epoch FROM tenants WHERE tenant_id = 'demo'"));
        Assert.Equal(0L, await ledger.ScalarAsync<long>("SELECT count(*) FROM chain_heads WHERE epoch = 2"));
        Assert.Equal(ProblemTypes.LogRolledBack, (await LedgerUnderTest.ProblemOfAsync(() => ledger.AppendAsync(1))).Type);
    }

    private static async Task<List<string>> TableAsync(TestLog ledger, string sql)
    {
        await using var command = LedgerUnderTest.Source(ledger.Database.Owner).CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)));
        return rows;
    }
}
