using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Doctor;

/// <summary>Both heads of a log as the database has them.</summary>
public sealed record ExaminedLog(TenantId Tenant, int Epoch, long NextSeq, long TreeSize, Digest Root, string? Halted);

/// <summary>Whether the logs are as far as what was shown of them, and whether one is halted: all that are halted, and of many others a
/// sample.</summary>
public sealed class MarksCheck(DoctorDatabase database, IHighWaterMarkStore marks) : IDoctorCheck
{
    /// <summary>Logs whose marks are read.</summary>
    public const int Sample = 100;

    private const int AtOnce = 8;

    private const string Sql = """
        SELECT h.tenant_id, h.epoch, h.next_seq, t.tree_size, t.root, h.halted
          FROM tenants o
          JOIN chain_heads h ON h.tenant_id = o.tenant_id AND h.epoch = o.current_epoch
          JOIN tree_heads t ON t.tenant_id = h.tenant_id AND t.epoch = h.epoch
        """;

    public string Name => "marks";

    // Longer than a storage that hangs is waited for, so that its own line tells of it.
    public TimeSpan Patience => TimeSpan.FromSeconds(15);

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var sample = await ListAsync($"{Sql} ORDER BY h.halted IS NULL, random() LIMIT $1", cancel, Int(Sample));
        var found = new Verdict?[sample.Count];
        try
        {
            await Parallel.ForAsync(0, sample.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
                async (i, token) => found[i] = await CompareAsync(sample[i], token));
        }
        catch (IOException e)
        {
            throw new PrerequisiteException(StorageCheck.CheckName, $"the marks cannot be read: {e.Message}", e);
        }
        return Verdict.Worst([.. found.OfType<Verdict>()],
            sample.Count == 0 ? "no log yet"
                : $"{sample.Count} logs are where their marks are{(sample.Count == Sample ? ", a sample" : "")}");
    }

    private async Task<Verdict?> CompareAsync(ExaminedLog log, CancellationToken cancel)
    {
        var next = await marks.ReadAsync(log.Tenant, log.Epoch + 1, cancel);
        var mark = (await marks.ReadAsync(log.Tenant, log.Epoch, cancel))?.Mark;
        // The mark moves first: read after the heads it may be further than they were. So the heads are read again before it is said.
        var again = mark is null || mark.Size > log.NextSeq
            ? (await ListAsync($"{Sql} WHERE o.tenant_id = $1", cancel, Text(log.Tenant.Value))).FirstOrDefault() ?? log : log;
        return Judge(again, mark, next?.Mark);
    }

    /// <summary>Null where all is well.</summary>
    /// <param name="mark">Of its epoch; null where there is none.</param>
    /// <param name="next">Of the epoch after it.</param>
    internal static Verdict? Judge(ExaminedLog log, HighWaterMark? mark, HighWaterMark? next)
    {
        var name = $"{log.Tenant}/{log.Epoch}";
        if (log.Halted is { } slug) return Verdict.Fail($"{name} is halted ({slug}): docs/runbooks/log-rolled-back.md");
        if (next is { Size: > 0 })
            return Verdict.Fail($"{name}: epoch {next.Epoch} was shown, which the database does not know: it was rolled back");
        if (mark is null)
            return log.NextSeq == 0 ? null : Verdict.Fail($"{name} has {log.NextSeq} entries and no mark: the store of marks lost it");
        if (mark.Size > log.NextSeq)
            return Verdict.Fail($"{name} has {log.NextSeq} entries, but a checkpoint of {mark.Size} was shown: the database was "
                + "rolled back");
        if (mark.Size == log.TreeSize && mark.Root != log.Root)
            return Verdict.Fail($"{name}: another root was shown at size {mark.Size}: somebody changed the log");
        return mark.Size < log.TreeSize
            ? Verdict.Warn($"{name}: the mark is at {mark.Size}, the tree at {log.TreeSize}: the store of marks was rolled back; "
                + "the workers move it forward where the roots agree")
            : null;
    }

    private Task<List<ExaminedLog>> ListAsync(string sql, CancellationToken cancel, params Npgsql.NpgsqlParameter[] parameters) =>
        database.ListAsync(sql, row => new ExaminedLog(TenantId.Parse(row.GetString(0)), row.GetInt32(1), row.GetInt64(2), row.GetInt64(3),
            row.GetDigest(4), row.GetTextOrNull(5)), cancel, parameters);
}
