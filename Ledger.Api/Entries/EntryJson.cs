using System.Text.Json;
using Ledger.Api.Signing;
using Ledger.Api.Tenancy;
using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Verify.Entries;

namespace Ledger.Api.Entries;

/// <summary>Entries as answers: what the row does not hold (the log's origin, the key's bytes) comes from what this process already
/// knows.</summary>
internal sealed class EntryJson(KnownLogs logs, EntryKeys keys)
{
    public async ValueTask<Receipt> ReceiptAsync(StoredEntry entry, CancellationToken cancel)
    {
        var origin = await logs.OriginAsync(TenantId.Parse(entry.Tenant), entry.Epoch, cancel);
        return Receipts.Of(entry, origin, await keys.FindAsync(entry.KeyId, cancel));
    }

    public static ReceiptBody BodyOf(Receipt receipt) => new(
        receipt.ChainSeq, receipt.CreatedAt, receipt.Id, receipt.KeyId, receipt.LeafHash.ToHex(), receipt.Origin,
        receipt.PayloadHash.ToHex(), receipt.Prev.ToHex(), Convert.ToBase64String(receipt.PublicKey), 0, "",
        Convert.ToBase64String(receipt.Signature), Convert.ToBase64String(receipt.Statement), receipt.Subject, receipt.Tenant);

    public async ValueTask<EntryBody> BodyAsync(EntryView view, CancellationToken cancel)
    {
        var entry = view.Entry;
        var key = await keys.FindAsync(entry.KeyId, cancel);
        return new EntryBody(
            entry.Id.ToString(), entry.Tenant, view.Origin, entry.Epoch, entry.Seq, entry.Subject, entry.PayloadHash.ToHex(),
            entry.PredicateType, LedgerTime.Format(entry.CreatedAt), entry.KeyId, Convert.ToBase64String(key.Ed25519PublicKey),
            Convert.ToBase64String(entry.Signature),
            entry.Prev.ToHex(), entry.LeafHash.ToHex(), Convert.ToBase64String(entry.ToStatement().ToBytes()),
            view.Meta is null ? null : JsonElement.Parse(view.Meta), view.Meta is null,
            view.RekorLogId, view.RekorIndex, view.AnchoredAt is { } at ? LedgerTime.Format(at) : null);
    }
}
