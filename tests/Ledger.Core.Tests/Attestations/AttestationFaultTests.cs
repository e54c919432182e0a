using Ledger.Core.Anchoring;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Anchoring;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Attestations;

/// <summary>Entry, envelope, subjects and jobs: all of them or none, once, whatever fails and whoever else is at it.</summary>
public sealed class AttestationFaultTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    [PostgresTheory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task A_connection_cut_at_the_commit_leaves_all_or_nothing_and_the_same_bytes_again_are_one(bool afterItPersisted,
        int stored)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await using var process = ledger.Behind(out var cutter);
        await using var _ = cutter;
        var attestor = new AttestorProcess(ledger, process, new ScriptedLog());
        await attestor.RegisterAsync();
        await process.AppendAsync(Demo);

        cutter.CutAt(1, afterItPersisted);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => attestor.AddAsync());
        await AssertStoredAsync(ledger, stored);
        var (attestation, isNew) = await attestor.AddAsync();
        Assert.Equal((1, !afterItPersisted), (attestation.Entry.Seq, isNew));
        await AssertStoredAsync(ledger, 1);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task Two_processes_with_the_same_bytes_at_once_store_one()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var (first, second) = (new AttestorProcess(ledger, ledger.Api, new ScriptedLog()),
            new AttestorProcess(ledger, ledger.StartProcess(), new ScriptedLog()));
        await first.RegisterAsync();
        var held = await HeldLane.HoldAsync(ledger.Api, Demo); // both have looked for it before either has stored it
        var (one, two) = (first.AddAsync(), second.AddAsync());
        await ledger.WaitForLockAsync(two);
        await held.ReleaseAsync();
        Assert.Equal((await one).Attestation.Entry.Id, (await two).Attestation.Entry.Id);
        Assert.Single(new[] { await one, await two }, added => added.IsNew);
        await AssertStoredAsync(ledger, 1);
    }

    [PostgresFact]
    public async Task A_key_that_is_revoked_while_its_attestation_waits_for_the_head_signs_nothing()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var attestor = new AttestorProcess(ledger, ledger.StartProcess(), new ScriptedLog());
        await attestor.RegisterAsync();
        var held = await HeldLane.HoldAsync(ledger.Api, Demo);
        var adding = attestor.AddAsync();
        await ledger.WaitForLockAsync(adding);
        await attestor.Keys.RevokeAsync(Demo, attestor.Key.KeyId, "alice", CancellationToken.None);
        await held.ReleaseAsync();
        Assert.Equal(ProblemTypes.AttestationSignatureInvalid, (await LedgerUnderTest.ProblemOfAsync(() => adding)).Type);
        await AssertStoredAsync(ledger, 0);
    }

    [PostgresFact]
    public async Task Jobs_are_made_for_the_logs_that_take_it_and_say_what_they_are()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var log = new ScriptedLog("a.test");
        var attestor = new AttestorProcess(ledger, ledger.Api, log, new ScriptedLog("b.test", ordinal: 1));
        await attestor.RegisterAsync();
        await attestor.AddAsync();
        Assert.Equal($"entries.to_anchor|pending|{{\"kind\": \"attestation\"}}|1|0|{log.Id}|t",
            (await ledger.TableAsync("SELECT queue, status, args, epoch, position, tl_log_id, is_primary FROM jobs WHERE is_primary"))[0]);
        Assert.Equal(2, await ledger.ScalarAsync<long>("SELECT count(*) FROM jobs"));
        await ledger.SqlAsync("UPDATE tenants SET anchor_policy = 'off' WHERE tenant_id = 'demo'");
        await attestor.AddAsync("another");
        Assert.Equal(2, await ledger.ScalarAsync<long>("SELECT count(*) FROM jobs"));
    }

    [PostgresFact]
    public async Task What_a_log_is_given_is_what_was_stored()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var attestor = new AttestorProcess(ledger, ledger.Api);
        await attestor.RegisterAsync();
        var (attestation, _) = await attestor.AddAsync();
        await using var workers = new LedgerDatabase(ledger.Database.Workers, DatabaseRole.Worker);
        await using var transaction = await workers.BeginAsync(Demo, CancellationToken.None);
        var attested = await AttestedEnvelope.ReadAsync(transaction, Demo, 1, attestation.Entry.Seq, CancellationToken.None);
        Assert.Equal(AttestorProcess.Envelope(), attested!.Bytes);
        Assert.Equal(attestor.Key.Spki, attested.Spki);
        Assert.Equal(LogSubmissionKind.Dsse, attested.SubmissionTo(1)!.Kind);
        Assert.Null(attested.SubmissionTo(2)); // v2 takes no pure Ed25519
        Assert.Null(await AttestedEnvelope.ReadAsync(transaction, Demo, 1, 7, CancellationToken.None));
    }

    private static async Task AssertStoredAsync(LedgerUnderTest ledger, int count)
    {
        foreach (var rows in new[]
        {
            "chain_entries WHERE predicate_type LIKE '%attestation%'", "attestations", "attestation_subjects",
            "jobs WHERE queue = 'entries.to_anchor'",
        })
            Assert.Equal((rows, count), (rows, (int)await ledger.ScalarAsync<long>($"SELECT count(*) FROM {rows}")));
    }
}
