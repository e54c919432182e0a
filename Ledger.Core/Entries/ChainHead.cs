using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>The locked head of a tenant's current log, and what a group commit needs to know beside it.</summary>
/// <param name="Server">When the database server that holds it was started: what tells it from one that was restored or failed over
/// to.</param>
/// <param name="LastLeaf">The leaf hash of the row before <paramref name="NextSeq"/>; null where there is none.</param>
internal sealed record ChainHead(
    int Epoch, string Origin, long NextSeq, Digest HeadHash, string? Halted, TenantState State, AnchorPolicy Policy,
    DateTimeOffset Server, Digest? LastLeaf, IReadOnlyDictionary<string, KeyRange> EntryKeys)
{
    /// <summary>The head that an epoch begins with.</summary>
    public static ChainHead OfEmptyLog(int epoch, string origin) => new(epoch, origin, 0, Digest.Zero, null, TenantState.Active,
        AnchorPolicy.Default, default, null, new Dictionary<string, KeyRange>());

    /// <summary>Whether head and last row agree; an append to a head that somebody moved would carry the break on.</summary>
    public bool FollowsItsLastEntry => HeadHash == (NextSeq == 0 ? Digest.Zero : LastLeaf);

    private const string LockSql = """
        SELECT h.epoch, h.origin, h.next_seq, h.head_hash, h.halted
          FROM chain_heads h JOIN tenants t ON t.tenant_id = h.tenant_id AND t.current_epoch = h.epoch
         WHERE h.tenant_id = $1 FOR UPDATE OF h
        """;

    // A statement of its own, since it must see what was committed while the lock was waited for:
    // the row of tenants that the first one joined may be older.
    // The last entry is a subquery, one look-up by primary key: as a join, a planner without statistics may read the whole log for it.
    private const string TenantSql = $"""
        SELECT t.current_epoch, t.state,
               (SELECT e.leaf_hash FROM chain_entries e WHERE e.tenant_id = h.tenant_id AND e.epoch = h.epoch AND e.seq = h.next_seq - 1),
               k.key_id, k.from_position, k.to_position, {AnchorPolicy.Columns},
               pg_postmaster_start_time()
          FROM tenants t
          JOIN chain_heads h ON h.tenant_id = t.tenant_id AND h.epoch = t.current_epoch
          LEFT JOIN key_ranges k ON k.tenant_id = t.tenant_id AND k.epoch = t.current_epoch AND k.purpose = 'entry'
         WHERE t.tenant_id = $1
        """;

    /// <summary>Locks the head until the transaction ends: the serial order of the tenant's writes.
    /// Extra commands ride in the same round trip, after the lock.</summary>
    /// <exception cref="CommitAgainException">Another epoch was opened while this one's head was waited for.</exception>
    public static async Task<(ChainHead Head, HashSet<IdempotencyScope> Won)> LockAsync(
        LedgerTransaction transaction, TenantId tenant, IReadOnlyList<Submission> claims, DateTimeOffset now, CancellationToken cancel)
    {
        await using var batch = transaction.Batch().Add(LockSql, Text(tenant.Value)).Add(TenantSql, Text(tenant.Value));
        if (claims.Count > 0) IdempotencyStore.AddClaims(batch, tenant, claims, now);

        await using var reader = await batch.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel))
            throw new LedgerProblemException(ProblemTypes.TenantRequired, "The token's tenant has no log here.");
        var (epoch, origin, next, hash, halted) =
            (reader.GetInt32(0), reader.GetString(1), reader.GetInt64(2), reader.GetDigest(3), reader.GetTextOrNull(4));

        var state = TenantState.Active;
        var policy = AnchorPolicy.Default;
        var server = DateTimeOffset.MinValue;
        Digest? last = null;
        var keys = new Dictionary<string, KeyRange>();
        await reader.NextResultAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            if (reader.GetInt32(0) != epoch) throw new CommitAgainException();
            state = TenantStates.Parse(reader.GetString(1));
            policy = AnchorPolicy.Read(reader, 6);
            server = reader.GetTime(6 + AnchorPolicy.ColumnCount);
            last = reader.IsDBNull(2) ? null : reader.GetDigest(2);
            if (!reader.IsDBNull(3))
                keys[reader.GetString(3)] = new KeyRange(reader.GetString(3), reader.GetInt64(4), reader.GetLongOrNull(5));
        }

        var won = new HashSet<IdempotencyScope>();
        if (claims.Count > 0 && await reader.NextResultAsync(cancel))
        {
            while (await reader.ReadAsync(cancel))
                won.Add(new IdempotencyScope(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }
        return (new ChainHead(epoch, origin, next, hash, halted, state, policy, server, last, keys), won);
    }
}
