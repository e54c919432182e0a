using Ledger.Api.Anchoring;
using Ledger.Api.Entries;
using Ledger.Core.Anchoring;
using Ledger.Core.Attestations;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Attestations;

/// <summary>Attestations as answers.</summary>
internal sealed class AttestationJson(
    EntryJson entries, AnchorReader anchors, AnchorPolicyStore policies, AttestationKeyStore keys, TransparencyLogs logs)
{
    public async Task<AttestationReceipt> ReceiptAsync(StoredAttestation attestation, CancellationToken cancel)
    {
        var tenant = TenantId.Parse(attestation.Entry.Tenant);
        var receipt = EntryJson.BodyOf(await entries.ReceiptAsync(attestation.Entry, cancel));
        var policy = await policies.FindAsync(tenant, cancel) ?? throw new InvalidOperationException($"{tenant} has no policy.");
        var key = await keys.FindAsync(tenant, attestation.KeyId, cancel)
            ?? throw new InvalidOperationException($"Key {attestation.KeyId} is not recorded.");
        return new AttestationReceipt(
            receipt.ChainSeq, receipt.CreatedAt, receipt.Id, receipt.KeyId, receipt.LeafHash, receipt.Origin, receipt.PayloadHash,
            receipt.Prev, receipt.PublicKey, receipt.RekorIndex, receipt.RekorLogId, receipt.Signature, receipt.Statement, receipt.Subject,
            receipt.Tenant, [.. AttestationAnchoring.Of(logs, policy, key.Spki).Select(AttestationAnchoringBody.Of)]);
    }

    public async Task<IReadOnlyList<AttestationBody>> BodiesAsync(TenantId tenant, IReadOnlyList<StoredAttestation> found,
        CancellationToken cancel)
    {
        var entries = found.Select(attestation => (attestation.Entry.Epoch, attestation.Entry.Seq)).ToList();
        var all = (await anchors.OfEntriesAsync(tenant, AnchorKind.Attestation, entries, AnchorsEndpoints.PrimaryOf(logs), cancel))
            .ToLookup(anchor => (anchor.Epoch, anchor.Position), AnchorBody.Of);
        return [.. found.Select(attestation =>
            AttestationBody.Of(attestation, all[(attestation.Entry.Epoch, attestation.Entry.Seq)]))];
    }
}
