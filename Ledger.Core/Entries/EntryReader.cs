using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Reads a tenant's entries. Another tenant's id costs and answers what an unknown one does: nothing.</summary>
public sealed class EntryReader(LedgerDatabase database)
{
    private const string Beside = $"""
          LEFT JOIN entry_meta m ON m.tenant_id = e.tenant_id AND m.epoch = e.epoch AND m.seq = e.seq
          LEFT JOIN LATERAL {FirstAnchor.Sql} a ON true
        """;

    private const string Columns =
        $"{EntryRow.Columns}, h.origin, m.meta, m.salt, COALESCE(a.tl_entry_id, ''), COALESCE(a.tl_log_index, 0), a.submitted_at";

    private const string FindSql = $"""
        SELECT {Columns}
          FROM chain_entries e
          JOIN chain_heads h ON h.tenant_id = e.tenant_id AND h.epoch = e.epoch
        {Beside}
         WHERE e.tenant_id = $1 AND e.id = $2
        """;

    // Epoch by epoch, newest first, a page of each: so every filter is a range of an index. Anchored entries are those below the epoch's
    // highest anchored size: where that is, is looked up once per epoch, not for each entry. Parameters that are null fall away when the
    // statement is planned. $4 and $5 bound the id, whose first bits are the time: the index by id serves from and to.
    private const string ListSql = $"""
        SELECT {Columns}
          FROM (SELECT o.tenant_id, o.epoch, o.origin,
                       COALESCE((SELECT max(n.position) FROM anchors n
                                  WHERE n.tenant_id = o.tenant_id AND n.epoch = o.epoch AND n.kind = 'checkpoint'), 0) AS anchored
                  FROM chain_heads o WHERE o.tenant_id = $1 AND ($9::integer IS NULL OR o.epoch <= $9)) h
         CROSS JOIN LATERAL (SELECT {EntryRow.Columns} FROM chain_entries e
                              WHERE e.tenant_id = $1 AND e.epoch = h.epoch
                                AND e.seq >= CASE WHEN NOT $8::boolean THEN h.anchored ELSE 0 END
                                AND e.seq < CASE WHEN $8::boolean THEN h.anchored
                                                 WHEN h.epoch = $9 THEN $10::bigint ELSE 9223372036854775807 END
                                AND ($9::integer IS NULL OR h.epoch < $9 OR e.seq < $10)
                                AND ($2::text IS NULL OR e.subject = $2)
                                AND ($3::bytea IS NULL OR e.payload_hash = $3)
                                AND ($4::uuid IS NULL OR e.id >= $4) AND ($5::uuid IS NULL OR e.id < $5)
                                AND ($6::timestamptz IS NULL OR e.created_at >= $6) AND ($7::timestamptz IS NULL OR e.created_at < $7)
                              ORDER BY e.seq DESC LIMIT $11) e
        {Beside}
         ORDER BY e.epoch DESC, e.seq DESC LIMIT $11
        """;

    private byte[]? cursorSecret;

    public async Task<EntryView?> FindAsync(TenantId tenant, Guid id, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync(FindSql, cancel, Text(tenant.Value), Id(id));
        return await reader.ReadAsync(cancel) ? Read(reader) : null;
    }

    /// <param name="cursor">From the page before, or null for the newest entries.</param>
    /// <param name="limit">1 to 1 000; the caller checks.</param>
    /// <exception cref="LedgerProblemException">invalid-cursor.</exception>
    public async Task<EntryPage> ListAsync(TenantId tenant, EntryFilter filter, string? cursor, int limit, CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        var secret = cursorSecret ??= await ReadSecretAsync(transaction, cancel);
        (int Epoch, long Seq) after = default;
        if (cursor is not null && !EntryCursor.TryRead(secret, tenant, filter, cursor, out after))
            throw new LedgerProblemException(ProblemTypes.InvalidCursor, "The cursor was not made for this list.", "cursor");

        var items = new List<EntryView>();
        await using var reader = await transaction.QueryAsync(ListSql, cancel, Text(tenant.Value), Text(filter.Subject),
            Bytes(filter.PayloadHash?.ToArray()),
            OptionalId(filter.From, 0), OptionalId(filter.To, 1), Time(filter.From), Time(filter.To), OptionalFlag(filter.Anchored),
            OptionalInt(cursor is null ? null : after.Epoch), Long(cursor is null ? null : after.Seq), Int(limit + 1));
        while (await reader.ReadAsync(cancel)) items.Add(Read(reader));

        if (items.Count <= limit) return new EntryPage(items, null);
        var last = items[limit - 1].Entry;
        return new EntryPage(items[..limit], EntryCursor.Write(secret, tenant, filter, last.Epoch, last.Seq));
    }

    private static EntryView Read(NpgsqlDataReader reader)
    {
        const int at = EntryRow.ColumnCount;
        return new EntryView(EntryRow.Read(reader), reader.GetString(at), reader.GetBytesOrNull(at + 1), reader.GetBytesOrNull(at + 2),
            reader.GetString(at + 3), reader.GetInt64(at + 4), reader.IsDBNull(at + 5) ? null : reader.GetTime(at + 5));
    }

    private static async Task<byte[]> ReadSecretAsync(LedgerTransaction transaction, CancellationToken cancel)
    {
        await using var reader = await transaction.QueryAsync("SELECT secret FROM cursor_keys WHERE id = 1", cancel);
        await reader.ReadAsync(cancel);
        return reader.GetFieldValue<byte[]>(0);
    }

    // The least UUIDv7 of a millisecond, some milliseconds later.
    private static NpgsqlParameter OptionalId(DateTimeOffset? time, int later)
    {
        if (time is null) return new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid, Value = DBNull.Value };
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, time.Value.ToUnixTimeMilliseconds() + later) << 16);
        return Id(new Guid(bytes, bigEndian: true));
    }

    private static NpgsqlParameter OptionalFlag(bool? value) =>
        value is null ? new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Boolean, Value = DBNull.Value } : Flag(value.Value);

    private static NpgsqlParameter OptionalInt(int? value) =>
        value is null ? new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer, Value = DBNull.Value } : Int(value.Value);
}
