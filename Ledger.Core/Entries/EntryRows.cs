using System.Text;
using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Entries;

/// <summary>Inserts of a group commit: multi-row VALUES with bound parameters,
/// the widest form that both PostgreSQL and a sharded PostgreSQL take.</summary>
internal static class EntryRows
{
    // 14 parameters an entry and 65 535 to a statement would allow more; beyond this, parsing costs more than the round trip saves.
    private const int RowsPerStatement = 256;

    private static readonly string[] EntryStatements = Statements(
        "INSERT INTO chain_entries (tenant_id, epoch, seq, id, predicate_type, subject, payload_hash, created_at, meta_commitment, "
        + "previous_checkpoint, key_id, signature, statement_sha256, prev, leaf_hash) VALUES ", shared: 2, own: 13);

    private static readonly string[] MetaStatements = Statements(
        "INSERT INTO entry_meta (tenant_id, epoch, seq, meta, salt) VALUES ", shared: 2, own: 3);

    public static void Add(LedgerBatch batch, TenantId tenant, int epoch, IReadOnlyList<(StoredEntry Entry, PreparedEntry Prepared)> rows)
    {
        for (var from = 0; from < rows.Count; from += RowsPerStatement)
        {
            var count = Math.Min(RowsPerStatement, rows.Count - from);
            var entries = new NpgsqlBatchCommand(EntryStatements[count]);
            var metas = new NpgsqlBatchCommand(MetaStatements[count]);
            foreach (var command in (NpgsqlBatchCommand[])[entries, metas])
            {
                command.Parameters.Add(Text(tenant.Value));
                command.Parameters.Add(Int(epoch));
            }
            for (var i = from; i < from + count; i++)
            {
                AddEntry(entries.Parameters, rows[i].Entry);
                metas.Parameters.Add(Long(rows[i].Entry.Seq));
                metas.Parameters.Add(Bytes(rows[i].Prepared.Meta));
                metas.Parameters.Add(Bytes(rows[i].Prepared.Salt));
            }
            batch.Add(entries);
            batch.Add(metas);
        }
    }

    private static void AddEntry(NpgsqlParameterCollection parameters, StoredEntry entry)
    {
        parameters.Add(Long(entry.Seq));
        parameters.Add(Id(entry.Id));
        parameters.Add(Text(entry.PredicateType));
        parameters.Add(Text(entry.Subject));
        parameters.Add(Hash(entry.PayloadHash));
        parameters.Add(Time(entry.CreatedAt));
        parameters.Add(Hash(entry.MetaCommitment));
        parameters.Add(Text(entry.PreviousCheckpoint));
        parameters.Add(Text(entry.KeyId));
        parameters.Add(Bytes(entry.Signature));
        parameters.Add(Hash(entry.StatementSha256));
        parameters.Add(Hash(entry.Prev));
        parameters.Add(Hash(entry.LeafHash));
    }

    // One text per number of rows, made once: "($1, $2, $3, …), ($1, $2, $16, …)".
    private static string[] Statements(string head, int shared, int own)
    {
        var statements = new string[RowsPerStatement + 1];
        var sql = new StringBuilder(head);
        for (var row = 0; row < RowsPerStatement; row++)
        {
            sql.Append(row == 0 ? "(" : ", (").AppendJoin(", ", Enumerable.Range(1, shared).Select(p => "$" + p));
            for (var p = 0; p < own; p++) sql.Append(", $").Append(shared + row * own + p + 1);
            statements[row + 1] = sql.Append(')').ToString();
        }
        return statements;
    }
}
