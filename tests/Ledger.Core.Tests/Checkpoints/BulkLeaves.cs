using System.Buffers.Binary;
using System.Security.Cryptography;
using Ledger.Verify;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>Rows with made-up leaf hashes, by one statement: leaf n is SHA-256 of n as eight bytes, big-endian. Enough for trees, not for a
/// chain.</summary>
internal static class BulkLeaves
{
    public static async Task<Digest[]> LoadAsync(TestLog ledger, int count)
    {
        await ledger.SqlAsync($"""
            INSERT INTO chain_entries (tenant_id, epoch, seq, id, predicate_type, subject, payload_hash, created_at, meta_commitment,
                                       key_id, signature, statement_sha256, prev, leaf_hash)
            SELECT 'demo', 1, n, gen_random_uuid(), 'urn:ledger:predicate:entry:v1', 'bulk', sha256(''), now(), sha256(''),
                   'none', '', sha256(''), sha256(int8send(n - 1)), sha256(int8send(n))
              FROM generate_series(0::bigint, {count - 1}) n
            """);
        return [.. Enumerable.Range(0, count).Select(Leaf)];
    }

    private static Digest Leaf(int n)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, n);
        return new Digest(SHA256.HashData(bytes));
    }
}
