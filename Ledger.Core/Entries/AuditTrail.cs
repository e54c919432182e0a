using System.Text;
using Ledger.Core.Operations;
using Ledger.Core.Telemetry;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Moves audit events from the outbox into the log of <see cref="TenantId.PlatformAudit"/>, in the order in
/// which they were done, each exactly once: its row is deleted, and the row that finds it is written, in the transaction that stores its
/// entry.</summary>
public sealed class AuditTrail(LedgerDatabase database, EntryPreparation preparation, Appender appender)
{
    public const int EventsPerStep = 200;

    /// <summary>Moves up to <see cref="EventsPerStep"/> events; returns how many. Any number of workers may do this at once.</summary>
    public async Task<int> DrainAsync(CancellationToken cancel)
    {
        var waiting = await ReadAsync(cancel);
        if (waiting.Count == 0) return 0;
        using var span = LedgerSpans.StartRoot("ledger.audit");
        span?.SetTag("ledger.events", waiting.Count);

        var prepared = waiting.Select(w => preparation.Prepare(TenantId.PlatformAudit, ItemOf(w))).ToList();
        await appender.SignAsync(prepared, cancel);
        var commits = waiting
            .Select((w, i) => appender.CommitAsync(TenantId.PlatformAudit, new Submission([prepared[i]])
            {
                Gate = (t, c) => TakeAsync(t, w, c),
                Riders = riding => AuditRows.Add(riding.Batch, PlaceOf(riding.Entries[0]), w.Recorded),
            }))
            .ToList();
        var outcomes = await Task.WhenAll(commits);
        return outcomes.Count(o => o.Status == CommitStatus.Stored);
    }

    private async Task<List<Waiting>> ReadAsync(CancellationToken cancel)
    {
        var waiting = new List<Waiting>();
        await using var transaction = await database.BeginAcrossTenantsAsync(cancel);
        await using var reader = await transaction.QueryAsync(
            "SELECT tenant_id, id, event FROM audit_outbox ORDER BY created_at, id LIMIT $1", cancel, Int(EventsPerStep));
        while (await reader.ReadAsync(cancel))
        {
            var what = reader.GetFieldValue<byte[]>(2);
            waiting.Add(new Waiting(reader.GetString(0), reader.GetGuid(1), what, RecordedEvent.TryRead(what, out var read) ? read : null));
        }
        return waiting;
    }

    private static async Task<bool> TakeAsync(LedgerTransaction transaction, Waiting waiting, CancellationToken cancel) =>
        await transaction.ExecuteAsync(
            "DELETE FROM audit_outbox WHERE tenant_id = $1 AND id = $2", cancel, Text(waiting.Tenant), Id(waiting.Id)) == 1;

    // The outbox is written by every API process: a row that is no event of ours is kept as the bytes it is, and stops nobody's trail.
    private static AppendItem ItemOf(Waiting waiting) => waiting.Recorded is { } recorded
        ? new AppendItem(recorded.Event.Action, Digest.Sha256(waiting.Event), waiting.Event)
        : new AppendItem(AuditRows.Unreadable, Digest.Sha256(waiting.Event),
            [.. "{\"event\":\""u8, .. Encoding.ASCII.GetBytes(Convert.ToBase64String(waiting.Event)), .. "\"}"u8]);

    private static AuditEntry PlaceOf(StoredEntry entry) =>
        new(TenantId.PlatformAudit, entry.Epoch, entry.Seq, entry.Id, entry.CreatedAt);

    /// <param name="Recorded">Null where the event is none.</param>
    private sealed record Waiting(string Tenant, Guid Id, byte[] Event, RecordedEvent? Recorded);
}
