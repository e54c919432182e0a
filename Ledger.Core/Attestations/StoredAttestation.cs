using Ledger.Core.Entries;
using Ledger.Verify;
using Npgsql;

namespace Ledger.Core.Attestations;

/// <summary>An attestation as its tenant reads it.</summary>
/// <param name="Sha256">Of the envelope's exact bytes; the entry's payload hash.</param>
/// <param name="Entry">The entry that chained it.</param>
/// <param name="EnvelopeBytes">Their number.</param>
/// <param name="KeyId">The registered key whose signature was verified when it was stored.</param>
/// <param name="KeyType">Decides as what transparency logs take it.</param>
/// <param name="PredicateType">Of the third party's statement.</param>
/// <param name="Subjects">Its subjects' sha256 digests.</param>
public sealed record StoredAttestation(
    Digest Sha256, StoredEntry Entry, int EnvelopeBytes, string KeyId, AttestationKeyType KeyType, string PredicateType,
    IReadOnlyList<Digest> Subjects)
{
    internal const string Columns = $"""
        {EntryRow.Columns}, a.sha256, octet_length(a.envelope), a.key_id, a.predicate_type,
               (SELECT k.algorithm FROM attestation_keys k WHERE k.tenant_id = a.tenant_id AND k.key_id = a.key_id),
               ARRAY(SELECT s.subject_sha256 FROM attestation_subjects s
                      WHERE s.tenant_id = a.tenant_id AND s.epoch = a.epoch AND s.seq = a.seq ORDER BY s.subject_sha256)
        """;

    internal const string From = """
        FROM attestations a JOIN chain_entries e ON e.tenant_id = a.tenant_id AND e.epoch = a.epoch AND e.seq = a.seq
        """;

    internal static StoredAttestation Read(NpgsqlDataReader reader)
    {
        const int at = EntryRow.ColumnCount;
        return new StoredAttestation(
            Tenancy.Sql.GetDigest(reader, at), EntryRow.Read(reader), reader.GetInt32(at + 1), reader.GetString(at + 2),
            AttestationKeyTypes.Parse(reader.GetString(at + 4)), reader.GetString(at + 3),
            [.. reader.GetFieldValue<byte[][]>(at + 5).Select(hash => new Digest(hash))]);
    }
}
