using Ledger.Core.Anchoring;
using Ledger.Core.Jobs;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Anchors that gave up, and what an operator makes of them.</summary>
public sealed class AnchorReplayTests
{
    [PostgresTheory]
    [InlineData(false)] // the log never got it
    [InlineData(true)]  // the log has it
    public async Task A_replay_sends_the_same_frozen_bytes(bool afterItPersisted)
    {
        await using var anchoring = await DeadAsync(afterItPersisted);
        var frozen = await FrozenAsync(anchoring);
        await anchoring.AppendDueAsync(4);
        (anchoring.Log.BeforeSubmit, anchoring.Log.AfterSubmit) = (null, null);
        Assert.Equal(0, await anchoring.Worker.StepAsync()); // no new job while it is there

        Assert.Equal(new DeadLetterOutcome(DeadLetterStatus.Done), await ReplayAsync(anchoring));
        await anchoring.SettleAsync();

        Assert.Equal(["3", "7"], await anchoring.TableAsync("SELECT position FROM anchors ORDER BY tl_log_index"));
        Assert.Equal(frozen, (await FrozenAsync(anchoring))[..1]);
        Assert.All(anchoring.Log.Submissions.SkipLast(1), s => Assert.Equal(frozen[0], Convert.ToHexStringLower(s.Signature)));
        Assert.Equal(2, await AnchorCheck.RunAsync(anchoring));
        Assert.Equal(2, anchoring.Rekor.Size);
    }

    [PostgresFact]
    public async Task A_discarded_one_makes_room_for_the_newest()
    {
        await using var anchoring = await DeadAsync(afterItPersisted: false);
        anchoring.Log.BeforeSubmit = null;
        await using var operators = new AdminDatabase(anchoring.Ledger.Database.Api);
        var letters = Letters(anchoring, operators);
        var letter = Assert.Single((await letters.ListAsync(JobQueues.CheckpointAnchors, null, 10, CancellationToken.None)).Items);
        Assert.Equal((3L, 1, anchoring.Log.Id), (letter.Position, letter.Epoch, letter.TransparencyLog));
        await letters.DiscardAsync(letter.Tenant, letter.Id, "alice", CancellationToken.None);
        await anchoring.AppendDueAsync(4);
        await anchoring.SettleAsync();
        Assert.Equal(["7"], await anchoring.TableAsync("SELECT position FROM anchors"));
        Assert.Equal(["dead_letter|2", "submitted|6"],
            await anchoring.TableAsync("SELECT status, covered_chain_seq FROM fact_chain_checkpoints ORDER BY 2"));
    }

    [PostgresTheory]
    [InlineData("UPDATE tenants SET anchor_policy = 'off'", "the tenant's policy is off")]
    [InlineData("UPDATE transparency_logs SET ordinal = NULL", "its transparency log is configured no more")]
    [InlineData("UPDATE transparency_logs SET quarantined_at = now(), quarantine_reason = 'r'", "its transparency log is quarantined")]
    public async Task One_that_is_not_wanted_or_has_no_log_is_not_replayed(string change, string refusal)
    {
        await using var anchoring = await DeadAsync(afterItPersisted: false);
        await anchoring.SqlAsync(change);
        Assert.Equal(new DeadLetterOutcome(DeadLetterStatus.NotEligible, refusal), await ReplayAsync(anchoring));
        Assert.Equal(["dead_letter"], await anchoring.TableAsync("SELECT status FROM jobs"));
    }

    [PostgresTheory]
    [InlineData("payload", "checkpoint", false)]
    [InlineData("payload", "entry", true)]
    [InlineData("attestation", "checkpoint", true)]
    [InlineData("attestation", "off", false)]
    public async Task An_entry_s_anchor_is_replayed_only_while_the_tenant_wants_it(string kind, string policy, bool wanted)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.SqlAsync($$"""
            INSERT INTO jobs (tenant_id, id, queue, status, args, epoch, position, tl_log_id, is_primary, created_at, finished_at)
            VALUES ('demo', gen_random_uuid(), 'entries.to_anchor', 'dead_letter', '{"kind":"{{kind}}"}', 1, 0, '{{anchoring.Log.Id}}',
                    true, now(), now())
            """);
        await anchoring.PolicyAsync(policy);
        Assert.Equal(wanted ? DeadLetterStatus.Done : DeadLetterStatus.NotEligible, (await ReplayAsync(anchoring)).Status);
    }

    private static async Task<TestAnchoring> DeadAsync(bool afterItPersisted)
    {
        var anchoring = await TestAnchoring.StartAsync();
        await anchoring.AppendDueAsync(3);
        Task Fail() => throw new LogException(LogFailureClass.Log, "wrong proof");
        if (afterItPersisted) anchoring.Log.AfterSubmit = _ => Fail();
        else anchoring.Log.BeforeSubmit = Fail;
        await anchoring.SettleAsync();
        Assert.Equal(["dead_letter"], await anchoring.TableAsync("SELECT status FROM jobs"));
        return anchoring;
    }

    private static DeadLetters Letters(TestAnchoring anchoring, AdminDatabase operators) => new(operators,
        new AuditOutbox(anchoring.Ledger.Time, new IdSource()),
        [new AnchorReplayCheck(JobQueues.CheckpointAnchors), new AnchorReplayCheck(JobQueues.EntryAnchors)], anchoring.Ledger.Time);

    private static async Task<DeadLetterOutcome> ReplayAsync(TestAnchoring anchoring)
    {
        await using var operators = new AdminDatabase(anchoring.Ledger.Database.Api);
        var letters = Letters(anchoring, operators);
        var letter = Assert.Single((await letters.ListAsync(null, null, 10, CancellationToken.None)).Items);
        return await letters.ReplayAsync(letter.Tenant, letter.Id, "alice", CancellationToken.None);
    }

    private static Task<List<string>> FrozenAsync(TestAnchoring anchoring) =>
        anchoring.TableAsync("SELECT encode(frozen_signature, 'hex') FROM jobs ORDER BY position");
}
