using Ledger.Core.Tenancy;
using Ledger.Verify;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Checkpoints;

/// <summary>One epoch of one tenant's log.</summary>
internal readonly record struct LogId(TenantId Tenant, int Epoch)
{
    public override string ToString() => $"{Tenant}/{Epoch}";
}

/// <summary>Both heads of a log, of one instant: how far its entries go and how far its tree.</summary>
/// <param name="TreeSize">Entries in the newest stored tree.</param>
/// <param name="NextSeq">Entries in the log.</param>
internal sealed record LogHeads(LogId Log, string Origin, long TreeSize, Digest Root, byte[] RightEdge, long NextSeq, string? Halted)
{
    /// <summary>Whether it is the epoch that is written to.</summary>
    public bool IsCurrent { get; private init; }

    public static async Task<LogHeads> ReadAsync(LedgerTransaction transaction, LogId log, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("""
            SELECT h.origin, t.tree_size, t.root, t.right_edge, h.next_seq, h.halted, o.current_epoch = h.epoch
              FROM tree_heads t
              JOIN chain_heads h ON h.tenant_id = t.tenant_id AND h.epoch = t.epoch
              JOIN tenants o ON o.tenant_id = t.tenant_id
             WHERE t.tenant_id = $1 AND t.epoch = $2
            """, cancel, Text(log.Tenant.Value), Int(log.Epoch));
        if (!await reader.ReadAsync(cancel)) throw new InvalidDataException($"{log} has no heads.");
        return new LogHeads(log, reader.GetString(0), reader.GetInt64(1), reader.GetDigest(2), reader.GetFieldValue<byte[]>(3),
            reader.GetInt64(4), reader.GetTextOrNull(5)) { IsCurrent = reader.GetBoolean(6) };
    }
}
