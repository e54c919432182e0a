using System.Text.Json;
using Ledger.Core.Jobs;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Microsoft.Extensions.Logging;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>Puts single entries into one transparency log: payload hashes of tenants that want it, and attestations. The same steps as for
/// checkpoints, and as safe to repeat.</summary>
public sealed class EntryAnchoring(LogGate gate, LedgerDatabase database, FrozenBytes frozen, AnchorSigning signing,
    AnchorSubmission submission, AnchorAttempt attempt, ILogger<EntryAnchoring> log) : IJobHandler
{
    private const int AtOnce = 16;

    // Half of a full budget is the checkpoints': however many entries wait, no log goes unwitnessed for them.
    private const double ForCheckpoints = 0.5;

    private static readonly TimeSpan NotNow = TimeSpan.FromSeconds(5);

    public string Queue => JobQueues.EntryAnchors;

    public string TransparencyLog { get; } = gate.Log.Trusted.LogId.ToHex();

    public int Concurrency => AtOnce;

    public ValueTask<int> RoomAsync(CancellationToken cancel) => gate.RoomAsync(AtOnce, ForCheckpoints, cancel);

    public Task HandleAsync(Job job, CancellationToken cancel)
    {
        var kind = KindOf(job.Args);
        return attempt.RunAsync(gate, job, kind, () => AnchorAsync(job, kind, cancel), cancel);
    }

    private async Task<bool> AnchorAsync(Job job, AnchorKind kind, CancellationToken cancel)
    {
        var (epoch, seq) = (job.Epoch ?? throw new InvalidDataException("An entry's job without epoch."),
            job.Position ?? throw new InvalidDataException("An entry's job without position."));
        var entry = await ReadAsync(job.Tenant, epoch, seq, kind, cancel);
        var wanted = kind == AnchorKind.Payload ? entry.Policy == AnchorMode.Entry : entry.Policy != AnchorMode.Off;
        if (!wanted) throw new JobPostponedException(NotNow, $"the tenant's policy is {entry.Policy.Name()}");
        (job, var content) = kind == AnchorKind.Payload
            ? await PayloadAsync(job, entry.Payload, cancel)
            : await AttestationAsync(job, entry.Attested, cancel);
        await submission.RunAsync(gate, job, content, ForCheckpoints, cancel);
        log.LogInformation("Entry {Seq} of {Tenant} anchored to Rekor by its {Kind}", seq, job.Tenant, kind.SqlName());
        return true;
    }

    // Our own key over the payload's hash, frozen before it is shown to anybody.
    private async Task<(Job, AnchorContent)> PayloadAsync(Job job, Digest payload, CancellationToken cancel)
    {
        if (job.FrozenSignature is null)
        {
            var (key, signature) = await signing.SignAsync(job.Tenant, job.Epoch!.Value, KeyPurpose.Payload, payload,
                job.Position!.Value, cancel);
            job = await frozen.FreezeSignatureAsync(job, job.Position!.Value, signature, key.KeyId, cancel);
        }
        var spki = await signing.SpkiOfAsync(job.Tenant, KeyPurpose.Payload, job.FrozenKeyId!, cancel);
        return (job, new AnchorContent(AnchorKind.Payload,
            new LogSubmission(LogSubmissionKind.HashedRekord, payload, job.FrozenSignature!, spki), null, KeyPurpose.Payload,
            job.FrozenKeyId));
    }

    // Nothing here is signed anew: the third party's signature is what it is. It is kept as frozen so that a timestamp can be over it.
    private async Task<(Job, AnchorContent)> AttestationAsync(Job job, AttestedEnvelope? attested, CancellationToken cancel)
    {
        if (attested?.SubmissionTo(gate.Log.Version) is not { } logged)
            throw new JobFailedException(JobErrorClass.Config, $"entry {job.Position} is nothing that {gate.Log.Backend} takes by itself");
        if (job.FrozenSignature is null)
            job = await frozen.FreezeSignatureAsync(job, job.Position!.Value, logged.Signature, Digest.Sha256(logged.Spki).ToHex(), cancel);
        return (job, new AnchorContent(AnchorKind.Attestation, logged, attested.Envelope, null, null));
    }

    private async Task<(AnchorMode Policy, Digest Payload, AttestedEnvelope? Attested)> ReadAsync(TenantId tenant, int epoch, long seq,
        AnchorKind kind, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        AnchorMode policy;
        Digest payload;
        await using (var reader = await transaction.QueryAsync("""
            SELECT t.anchor_policy, (SELECT e.payload_hash FROM chain_entries e WHERE e.tenant_id = $1 AND e.epoch = $2 AND e.seq = $3)
              FROM tenants t WHERE t.tenant_id = $1
            """, cancel, Text(tenant.Value), Int(epoch), Long(seq)))
        {
            if (!await reader.ReadAsync(cancel) || reader.IsDBNull(1))
                throw new InvalidDataException($"{tenant}/{epoch} has no entry {seq}.");
            (policy, payload) = (AnchorPolicyNames.AnchorOf(reader.GetString(0))!.Value, reader.GetDigest(1));
        }
        if (kind == AnchorKind.Payload) return (policy, payload, null);
        return (policy, payload, await AttestedEnvelope.ReadAsync(transaction, tenant, epoch, seq, cancel));
    }

    /// <remarks>Raw: <c>{"kind":"payload"}</c></remarks>
    internal static AnchorKind KindOf(string args)
    {
        using var json = JsonDocument.Parse(args);
        return json.RootElement.GetProperty("kind").GetString() switch
        {
            "payload" => AnchorKind.Payload,
            "attestation" => AnchorKind.Attestation,
            var other => throw new InvalidDataException($"'{other}' is no kind of an entry's anchor."),
        };
    }
}
