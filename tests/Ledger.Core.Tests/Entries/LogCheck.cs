using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;
using Npgsql;

namespace Ledger.Core.Tests.Entries;

/// <summary>Verifies a log from its rows alone, with nothing of the code that wrote them: every statement is built anew from the
/// columns, every signature checked under the recorded key and its range, every leaf hashed, every link and every seq followed up to
/// the head.</summary>
internal static class LogCheck
{
    private const string EntriesSql = """
        SELECT e.seq, e.id::text, e.predicate_type, e.subject, e.payload_hash,
               to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
               e.meta_commitment, e.previous_checkpoint, e.key_id, e.signature, e.statement_sha256, e.prev, e.leaf_hash,
               h.origin, h.next_seq, h.head_hash,
               s.spki, k.from_position, k.to_position, m.meta, m.salt
          FROM chain_heads h
          JOIN chain_entries e ON e.tenant_id = h.tenant_id AND e.epoch = h.epoch
          LEFT JOIN signing_keys s ON s.tenant_id = '' AND s.key_id = e.key_id AND s.purpose = 'entry'
          LEFT JOIN key_ranges k ON k.tenant_id = e.tenant_id AND k.epoch = e.epoch AND k.purpose = 'entry' AND k.key_id = e.key_id
          LEFT JOIN entry_meta m ON m.tenant_id = e.tenant_id AND m.epoch = e.epoch AND m.seq = e.seq
         WHERE h.tenant_id = $1 AND h.epoch = $2 ORDER BY e.seq
        """;

    /// <returns>The number of entries.</returns>
    public static async Task<long> RunAsync(string owner, TenantId tenant, int epoch = 1)
    {
        await using var command = LedgerUnderTest.Source(owner).CreateCommand(EntriesSql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant.Value });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = epoch });
        await using var row = await command.ExecuteReaderAsync();
        var expected = 0L;
        var prev = Digest.Zero;
        long? next = null;
        while (await row.ReadAsync())
        {
            Assert.Equal(expected++, row.GetInt64(0));
            Assert.Equal(prev, Hash(row, 11));
            prev = Entry(row, tenant);
            next = row.GetInt64(14);
            if (next == expected) Assert.Equal(prev, Hash(row, 15));
        }
        if (next is not null) Assert.Equal(expected, next);
        return expected;
    }

    private static Digest Entry(NpgsqlDataReader row, TenantId tenant)
    {
        var statement = new Statement(row.GetString(3), Hash(row, 4), row.GetString(2), tenant.Value, row.GetString(1), row.GetString(5),
            Hash(row, 6), row.IsDBNull(7) ? null : row.GetString(7)).ToBytes();
        Assert.True(Statement.TryParse(statement, out _, out var failure), $"{failure}");
        Assert.Equal(Digest.Sha256(statement), Hash(row, 10));

        Assert.True(Spki.TryReadEd25519(row.GetFieldValue<byte[]>(16), out var publicKey), "the key is recorded");
        Assert.Equal(SshFingerprint.OfEd25519(publicKey), row.GetString(8));
        Assert.True(Ed25519.Verify(publicKey, Dsse.Pae(Dsse.InTotoPayloadType, statement), row.GetFieldValue<byte[]>(9)),
            "the signature verifies");
        Assert.InRange(row.GetInt64(0), row.GetInt64(17), row.IsDBNull(18) ? long.MaxValue : row.GetInt64(18));

        if (!row.IsDBNull(19)) Assert.Equal(MetaCommitment.Of(row.GetFieldValue<byte[]>(19), row.GetFieldValue<byte[]>(20)), Hash(row, 6));
        var leaf = new Leaf(row.GetString(13), row.GetInt64(0), Hash(row, 11), Hash(row, 10), row.GetString(8),
            row.GetFieldValue<byte[]>(9));
        Assert.Equal(leaf.Hash(), Hash(row, 12));
        return leaf.Hash();
    }

    private static Digest Hash(NpgsqlDataReader row, int column) => new(row.GetFieldValue<byte[]>(column));
}
