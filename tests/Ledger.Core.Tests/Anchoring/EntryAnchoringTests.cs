using System.Text;
using Ledger.Core.Anchoring;
using Ledger.Core.Attestations;
using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Jobs;
using Ledger.Core.Tests.Entries;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Single entries in transparency logs: payload hashes and attestations.</summary>
public sealed class EntryAnchoringTests
{
    [PostgresFact]
    public async Task Each_entry_of_a_tenant_that_wants_it_is_logged_by_its_payload_hash_in_every_log()
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        await anchoring.PolicyAsync("entry");
        var results = await Appender(anchoring).AppendBatchAsync(TestAnchoring.Demo,
            [.. Enumerable.Range(0, 3).Select(i => new AppendBodyItem(LedgerUnderTest.Item($"fact-{i}"), null))], null,
            CancellationToken.None);
        Assert.Equal(["entries.to_anchor|6"], await anchoring.TableAsync("SELECT queue, count(*) FROM jobs GROUP BY 1"));

        await anchoring.SettleAsync();

        Assert.Equal((3, 3), (anchoring.Rekor.Size, anchoring.Rekor2!.Size));
        Assert.Equal(["rekor-v1|3", "rekor-v2|3"],
            await anchoring.TableAsync("SELECT tl_backend, count(*) FROM anchors WHERE kind = 'payload' GROUP BY 1 ORDER BY 1"));
        Assert.Equal(6, await AnchorCheck.RunAsync(anchoring));
        var hash = results[1].Entry!.PayloadHash;
        var found = Assert.Single(await anchoring.Log.SearchAsync(hash, CancellationToken.None));
        Assert.Equal([found], await anchoring.TableAsync(
            "SELECT tl_entry_id FROM anchors WHERE kind = 'payload' AND position = 1 AND tl_backend = 'rekor-v1'"));
    }

    [PostgresFact]
    public async Task The_anchor_key_signs_no_payload_and_the_payload_key_no_checkpoint()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("entry");
        await AppendAsync(anchoring, 1);
        await anchoring.AppendDueAsync(1);
        await anchoring.SettleAsync();
        Assert.Equal(["checkpoints.to_anchor|anchor", "entries.to_anchor|payload"], await anchoring.TableAsync("""
            SELECT DISTINCT j.queue, s.purpose
              FROM jobs j JOIN signing_keys s ON s.tenant_id = j.tenant_id AND s.key_id = j.frozen_key_id ORDER BY 1
            """));
    }

    [PostgresTheory]
    [InlineData("checkpoint")]
    [InlineData("off")]
    public async Task Entries_of_others_bring_no_job(string policy)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync(policy);
        await AppendAsync(anchoring, 3);
        Assert.Equal(["0"], await anchoring.TableAsync("SELECT count(*) FROM jobs"));
    }

    [PostgresFact]
    public async Task An_entry_that_is_not_stored_brings_no_job()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("entry");
        await using var way = new CommitCutter(anchoring.Ledger.Database.Api);
        var api = anchoring.Ledger.Process(way.ConnectionString, DatabaseRole.App);
        await api.AppendAsync(TestAnchoring.Demo); // its keys and floors are known from here on
        way.CutAt(1, afterItPersisted: false);
        await Assert.ThrowsAnyAsync<Exception>(() => Appender(anchoring, api).AppendAsync(TestAnchoring.Demo, LedgerUnderTest.Item(), null,
            CancellationToken.None));
        Assert.Equal(["1|0"], await anchoring.TableAsync(
            "SELECT (SELECT count(*) FROM chain_entries WHERE tenant_id = 'demo'), (SELECT count(*) FROM jobs)"));
    }

    [PostgresFact]
    public async Task A_tenant_that_changes_its_mind_makes_no_further_payload_hash_public()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("entry");
        await AppendAsync(anchoring, 2);
        await anchoring.PolicyAsync("checkpoint");
        await anchoring.Worker.RunAsync();
        Assert.Empty(anchoring.Log.Submissions);
        await anchoring.Worker.AnchorUpkeep.FollowPoliciesAsync(CancellationToken.None);
        Assert.Equal(["disabled|2"], await anchoring.TableAsync("SELECT status, count(*) FROM jobs GROUP BY 1"));

        await anchoring.PolicyAsync("entry");
        await anchoring.Worker.AnchorUpkeep.FollowPoliciesAsync(CancellationToken.None);
        await anchoring.SettleAsync();
        Assert.Equal(2, await AnchorCheck.RunAsync(anchoring));
    }

    [PostgresTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_payload_whose_submission_failed_is_sent_again_with_the_same_bytes(bool afterItPersisted)
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("entry");
        await AppendAsync(anchoring, 1);
        Task Fail() => throw new LogException(LogFailureClass.Network, "cut");
        if (afterItPersisted) anchoring.Log.AfterSubmit = _ => Fail();
        else anchoring.Log.BeforeSubmit = Fail;
        await anchoring.Worker.RunAsync();

        (anchoring.Log.BeforeSubmit, anchoring.Log.AfterSubmit) = (null, null);
        await anchoring.SettleAsync();

        Assert.Equal(2, anchoring.Log.Submissions.Count);
        Assert.Single(anchoring.Log.Submissions.Select(s => Convert.ToHexString(s.Signature)).Distinct());
        Assert.Equal((1, 1), (anchoring.Rekor.Size, await AnchorCheck.RunAsync(anchoring)));
    }

    [PostgresFact]
    public async Task Checkpoints_go_first_where_entries_have_used_up_their_half_of_the_budget()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        anchoring.Log.Budget = new SubmissionBudget(PerHour: 6, PerTenMinutes: 9); // nine at once, then one in ten minutes
        await anchoring.PolicyAsync("entry");
        await AppendAsync(anchoring, 12);
        for (var i = 0; i < 3; i++) await anchoring.Worker.RunAsync();
        Assert.InRange(anchoring.Rekor.Size, 3, 5);

        await anchoring.AppendDueAsync(1);
        await anchoring.Worker.StepAsync();
        Assert.Equal(["1"], await anchoring.TableAsync("SELECT count(*) FROM anchors WHERE kind = 'checkpoint'"));

        for (var i = 0; i < 20; i++)
        {
            anchoring.Ledger.Time.Advance(TimeSpan.FromMinutes(11));
            await anchoring.Worker.RunAsync();
        }
        Assert.Equal(["12"], await anchoring.TableAsync("SELECT count(*) FROM anchors WHERE kind = 'payload'"));
    }

    [PostgresFact]
    public async Task The_bundle_of_an_entry_holds_its_payload_anchor_before_any_checkpoint_is_anchored()
    {
        await using var anchoring = await TestAnchoring.StartAsync();
        await anchoring.PolicyAsync("entry");
        var entry = await Appender(anchoring).AppendAsync(TestAnchoring.Demo, LedgerUnderTest.Item(), null, CancellationToken.None);
        await anchoring.AppendAsync(1);
        await anchoring.Worker.RunAsync();
        var reader = new BundleReader(anchoring.Ledger.Api.Database);
        var bundle = (await reader.FindAsync(TestAnchoring.Demo, entry.Id, CancellationToken.None))!;
        Assert.Single(bundle.PayloadAnchors!);
        Assert.Null(bundle.Anchors);
    }

    [PostgresTheory]
    [InlineData(true, "rekor-v1|dsse|0", "rekor-v2|hashedrekord|1")]
    [InlineData(false, "rekor-v1|dsse|0")] // v2 takes no Ed25519: the checkpoint speaks for it
    public async Task An_attestation_is_logged_as_what_each_log_takes(bool ecdsa, params string[] expected)
    {
        await using var anchoring = await TestAnchoring.StartAsync(second: true);
        var envelope = await AttestAsync(anchoring, ecdsa);

        await anchoring.SettleAsync();

        var shown = new List<string>();
        foreach (var row in await anchoring.TableAsync(
                     "SELECT encode(sigstore_bundle, 'hex'), tl_backend FROM anchors WHERE kind = 'attestation' ORDER BY 2"))
        {
            Assert.True(SigstoreBundle.TryParse(Convert.FromHexString(row.Split('|')[0]), out var bundle, out _));
            Assert.Equal(DsseEnvelope.Read(envelope).Payload, bundle!.Envelope!.Payload);
            Assert.Equal("", bundle.Envelope.Signatures[0].KeyId);
            shown.Add($"{row.Split('|')[1]}|{bundle.Entries[0].Kind}|{bundle.Timestamps.Count}");
        }
        Assert.Equal(expected, shown);
        Assert.Equal(["done"], await anchoring.TableAsync("SELECT DISTINCT status FROM jobs WHERE queue = 'entries.to_anchor'"));
        Assert.Equal([Digest.Sha256(envelope)], anchoring.Log.Submissions.Where(s => s.Envelope is not null)
            .Select(s => Digest.Sha256(s.Envelope!)));
    }

    private static Appender Appender(TestAnchoring anchoring, LedgerProcess? process = null)
    {
        var (api, time) = (process ?? anchoring.Ledger.Api, anchoring.Ledger.Time);
        var riders = new PayloadRiders(anchoring.Logs, Queue(anchoring, api));
        return new Appender(api.Preparation, api.EntrySigner, new ChainWriter(api.Database, api.Floors, api.Epochs, time, riders),
            new KeptAnswers(api.Database, time));
    }

    private static JobQueue Queue(TestAnchoring anchoring, LedgerProcess process) =>
        new(process.Database, new IdSource(), new JobBackoff(new RandomSource()), anchoring.Ledger.Time);

    private static async Task AppendAsync(TestAnchoring anchoring, int count)
    {
        var appender = Appender(anchoring);
        await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            appender.AppendAsync(TestAnchoring.Demo, LedgerUnderTest.Item($"fact-{i}"), null, CancellationToken.None)));
    }

    private static async Task<byte[]> AttestAsync(TestAnchoring anchoring, bool ecdsa)
    {
        var statement = $$$"""
            {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"{{{new string('a', 64)}}}"}}],
             "predicateType":"https://example.com/review/v1","predicate":{}}
            """;
        using var key = new AnchorKey();
        var seed = Enumerable.Repeat((byte)7, 32).ToArray();
        var (spki, envelope) = ecdsa ? (key.Spki, key.Envelope(statement).Envelope!)
            : (Spki.OfEd25519(Ed25519.PublicKeyOf(seed)), EdwardsEnvelope(seed, statement));
        var api = anchoring.Ledger.Api;
        var keys = new AttestationKeyStore(api.Database, api.Audit, anchoring.Ledger.Time);
        var registered = AttestationKey.Read("reviewer", Spki.ToPem(spki), anchoring.Ledger.Time.GetUtcNow());
        await keys.AddAsync(TestAnchoring.Demo, registered, "alice", CancellationToken.None);
        var writer = new AttestationWriter(api.Preparation, api.Appender, new AttestationReader(api.Database), keys, anchoring.Logs,
            Queue(anchoring, api));
        Assert.True((await writer.AddAsync(TestAnchoring.Demo, envelope, CancellationToken.None)).IsNew);
        return envelope;
    }

    private static byte[] EdwardsEnvelope(byte[] seed, string statement)
    {
        // The tenant's own name of the key, which cosign does not know.
        var keyId = Digest.Sha256(Spki.OfEd25519(Ed25519.PublicKeyOf(seed))).ToHex();
        var payload = Encoding.UTF8.GetBytes(statement);
        var signature = Ed25519.Sign(seed, Dsse.Pae(Dsse.InTotoPayloadType, payload));
        return Encoding.UTF8.GetBytes($$"""
            {"payloadType":"{{Dsse.InTotoPayloadType}}","payload":"{{Convert.ToBase64String(payload)}}",
             "signatures":[{"keyid":"{{keyId}}","sig":"{{Convert.ToBase64String(signature)}}"}]}
            """);
    }
}
