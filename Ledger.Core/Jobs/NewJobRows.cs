using System.Text;
using Ledger.Core.Tenancy;
using Npgsql;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Jobs;

/// <summary>Inserts of jobs: multi-row VALUES with bound parameters, for batches of any size.</summary>
internal static class NewJobRows
{
    private const int RowsPerStatement = 256;
    private const int Parameters = 10;

    // One text per number of rows. A second open anchor of one log's tenant is not stored: whoever was first has made it.
    private static readonly string[] Statements = [.. Enumerable.Range(0, RowsPerStatement + 1).Select(Statement)];

    public static void Add(LedgerBatch batch, IReadOnlyList<NewJob> jobs, IdSource ids, DateTimeOffset now)
    {
        foreach (var rows in jobs.Chunk(RowsPerStatement))
        {
            var command = new NpgsqlBatchCommand(Statements[rows.Length]);
            foreach (var job in rows) Add(command.Parameters, job, ids.NewId(now), now);
            batch.Add(command);
        }
    }

    private static void Add(NpgsqlParameterCollection parameters, NewJob job, Guid id, DateTimeOffset now)
    {
        parameters.Add(Text(job.Tenant.Value));
        parameters.Add(Id(id));
        parameters.Add(Text(job.Queue));
        parameters.Add(Json(job.Args));
        parameters.Add(Int(job.MaxAttempts));
        parameters.Add(Int(job.Epoch));
        parameters.Add(Long(job.Position));
        parameters.Add(Text(job.TransparencyLog));
        parameters.Add(Flag(job.IsPrimary));
        parameters.Add(Time(now));
    }

    private static string Statement(int rows)
    {
        var sql = new StringBuilder("INSERT INTO jobs (tenant_id, id, queue, args, max_attempts, epoch, position, tl_log_id, is_primary, "
            + "created_at, next_retry_at) VALUES ");
        for (var row = 0; row < rows; row++)
        {
            var values = Enumerable.Range(row * Parameters + 1, Parameters).Append((row + 1) * Parameters); // the last one twice
            sql.Append(row == 0 ? "(" : ", (").AppendJoin(", ", values.Select(p => "$" + p)).Append(')');
        }
        return sql.Append(" ON CONFLICT DO NOTHING").ToString();
    }
}
