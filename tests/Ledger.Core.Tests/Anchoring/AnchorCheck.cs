using System.Text;
using Ledger.Core.Tests.Entries;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;
using Npgsql;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>Verifies every stored anchor from its row alone, as a stranger with the trusted root and the tenant's key would, and that rows,
/// jobs and bundles say the same. What tests call after everything that went wrong.</summary>
internal static class AnchorCheck
{
    /// <returns>How many anchors there are.</returns>
    public static async Task<int> RunAsync(TestAnchoring anchoring)
    {
        var anchors = 0;
        await using var command = LedgerUnderTest.Source(anchoring.Ledger.Database.Owner).CreateCommand("""
            SELECT a.kind, a.tl_log_id, a.tl_log_index, a.tl_leaf_hash, a.tl_tree_size, a.tl_root_hash, a.sigstore_bundle, c.note,
                   e.payload_hash, j.frozen_signature, j.status, s.spki
              FROM anchors a
              LEFT JOIN checkpoints c ON a.kind = 'checkpoint' AND c.tenant_id = a.tenant_id AND c.epoch = a.epoch
                                         AND c.tree_size = a.position
              LEFT JOIN chain_entries e ON a.kind = 'payload' AND e.tenant_id = a.tenant_id AND e.epoch = a.epoch AND e.seq = a.position
              LEFT JOIN jobs j ON j.tenant_id = a.tenant_id AND j.epoch = a.epoch AND j.position = a.position AND j.tl_log_id = a.tl_log_id
                                  AND (j.queue = 'checkpoints.to_anchor') = (a.kind = 'checkpoint')
              LEFT JOIN signing_keys s ON s.tenant_id = a.tenant_id AND s.key_id = j.frozen_key_id
             WHERE a.kind <> 'attestation' ORDER BY a.tl_log_id, a.tl_log_index
            """);
        await using var reader = await command.ExecuteReaderAsync();
        for (; await reader.ReadAsync(); anchors++) Check(anchoring, reader);
        // One anchor and one submission of each: none twice.
        Assert.Equal(["0"], await anchoring.TableAsync("""
            SELECT count(*) FROM (SELECT FROM anchors GROUP BY tenant_id, epoch, kind, position, tl_log_id HAVING count(*) > 1) twice
            """));
        return anchors;
    }

    private static void Check(TestAnchoring anchoring, NpgsqlDataReader row)
    {
        var digest = row.IsDBNull(7) ? new Digest(row.GetFieldValue<byte[]>(8)) : BodyDigest(row.GetString(7));
        var bytes = row.GetFieldValue<byte[]>(6);
        var report = new AnchorVerifier(anchoring.Logs.Root).Verify(bytes, digest, [Spki.ToPem(row.GetFieldValue<byte[]>(11))], []);
        Assert.Null(report.Failure);
        Assert.Equal((row.GetString(1), row.GetInt64(2)), (report.Witness!.Value.ToHex(), report.LogIndex));

        Assert.True(SigstoreBundle.TryParse(bytes, out var bundle, out _));
        var entry = Assert.Single(bundle!.Entries);
        Assert.Equal((row.GetInt64(4), new Digest(row.GetFieldValue<byte[]>(5))), (entry.Inclusion.TreeSize, entry.Inclusion.RootHash));
        Assert.Equal(row.GetFieldValue<byte[]>(9), bundle.Message!.Signature); // what was frozen is what is there
        Assert.Equal("done", row.GetString(10));
        Assert.Equal(entry.Version == "0.0.2" ? 1 : 0, bundle.Timestamps.Count);
    }

    private static Digest BodyDigest(string note)
    {
        Assert.True(Note.TryParse(note, out var parsed, out _));
        return Digest.Sha256(Encoding.UTF8.GetBytes(parsed.Text));
    }
}
