using System.Text;
using Ledger.Core.Anchoring;
using Ledger.Core.Tenancy;
using Ledger.Verify;

namespace Ledger.Api.Tests.Fixture;

/// <summary>Anchors as the workers store them, with made-up proofs: for what is shown of them, not for what verifies.</summary>
internal static class AnchorRows
{
    public static readonly string LogA = new('a', 64), LogB = new('b', 64);

    /// <summary>The bundle of such a row: tells which it is.</summary>
    public static string Bundle(AnchorKind kind, long position, string log, long index) =>
        $$"""{"kind":"{{kind.SqlName()}}","log":"{{log[..1]}}","index":{{index}},"position":{{position}}}""";

    public static async Task AddAnchorAsync(this ApiUnderTest ledger, string tenant, long position, string? log = null, long index = 0,
        AnchorKind kind = AnchorKind.Checkpoint, int second = 0, int epoch = 1)
    {
        log ??= LogA;
        var anchor = new StoredAnchor(TenantId.Parse(tenant), epoch, kind, position, log, index, "rekor-v1", $"{log[..16]}{index:x64}",
            Digest.Zero, DateTimeOffset.UnixEpoch, 1, Digest.Zero, "note", [], [],
            Encoding.UTF8.GetBytes(Bundle(kind, position, log, index)),
            new DateTimeOffset(2026, 1, 2, 3, 4, second, TimeSpan.Zero));
        await using var workers = new LedgerDatabase(ledger.WorkersConnectionString, DatabaseRole.Worker);
        await using var transaction = await workers.BeginAsync(anchor.Tenant, CancellationToken.None);
        await transaction.ExecuteAsync("""
            INSERT INTO transparency_logs (tl_log_id, backend, url) VALUES ($1, 'rekor-v1', 'http://log') ON CONFLICT DO NOTHING
            """, CancellationToken.None, Sql.Text(log));
        await AnchorStore.InsertAsync(transaction, anchor, CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
