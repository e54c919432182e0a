using System.Globalization;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Doctor;

/// <summary>A log with entries that no checkpoint covers.</summary>
/// <param name="Log"><c>TENANT/EPOCH</c>.</param>
/// <param name="Entries">How many.</param>
/// <param name="OldestAge">Since the first of them was acknowledged, by the server's clock.</param>
public sealed record UncoveredLog(string Log, long Entries, TimeSpan OldestAge);

/// <summary>Whether integrators work: of up to a hundred current logs with entries that no checkpoint covers, how long the oldest has
/// waited. Halted logs wait for a person, and are told by <see cref="MarksCheck"/>.</summary>
public sealed class CheckpointsCheck(DoctorDatabase database) : IDoctorCheck
{
    /// <summary>Logs that are looked at.</summary>
    public const int Sample = 100;

    private const int MostNamed = 3;

    private const int AtOnce = 8;

    /// <summary>An integrator covers what it finds within seconds.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMinutes(1), Stuck = TimeSpan.FromMinutes(10);

    private const string Sql = """
        SELECT h.tenant_id, h.epoch, t.tree_size, h.next_seq
          FROM tenants o
          JOIN chain_heads h ON h.tenant_id = o.tenant_id AND h.epoch = o.current_epoch
          JOIN tree_heads t ON t.tenant_id = h.tenant_id AND t.epoch = h.epoch
         WHERE h.next_seq > t.tree_size AND h.halted IS NULL
         ORDER BY random() LIMIT $1
        """;

    public string Name => "checkpoints";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var behind = await database.ListAsync(Sql, row => (Tenant: TenantId.Parse(row.GetString(0)), Epoch: row.GetInt32(1),
            Size: row.GetInt64(2), Next: row.GetInt64(3)), cancel, Int(Sample));
        var logs = new UncoveredLog?[behind.Count];
        await Parallel.ForAsync(0, behind.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancel },
            async (i, token) =>
            {
                var (tenant, epoch, size, next) = behind[i];
                if (await AgeAsync(tenant, epoch, size, token) is { } age) logs[i] = new($"{tenant}/{epoch}", next - size, age);
            });
        return Judge([.. logs.OfType<UncoveredLog>()]);
    }

    internal static Verdict Judge(IReadOnlyList<UncoveredLog> logs)
    {
        var late = logs.Where(one => one.OldestAge > Late).OrderByDescending(one => one.OldestAge).ToList();
        if (late.Count == 0) return Verdict.Pass("no entry waits for more than a minute");
        var named = string.Join(", ", late.Take(MostNamed).Select(one => string.Create(CultureInfo.InvariantCulture,
            $"{one.Log} ({one.Entries}, the oldest for {one.OldestAge.TotalMinutes:0} min)")));
        var more = late.Count > MostNamed ? $" and {late.Count - MostNamed} logs more" : "";
        var text = $"entries that no checkpoint covers: {named}{more}: do workers run, and do they reach Vault and the marks?";
        return late[0].OldestAge > Stuck ? Verdict.Fail(text) : Verdict.Warn(text);
    }

    /// <summary>Null where the entry itself is gone: the log's own matter, which halts it.</summary>
    private Task<TimeSpan?> AgeAsync(TenantId tenant, int epoch, long seq, CancellationToken cancel) =>
        database.ReadAsync<TimeSpan?>(tenant, async (transaction, token) =>
        {
            await using var reader = await transaction.QueryAsync("""
                SELECT extract(epoch FROM clock_timestamp() - created_at)::float8
                  FROM chain_entries WHERE tenant_id = $1 AND epoch = $2 AND seq = $3
                """, token, Text(tenant.Value), Int(epoch), Long(seq));
            return await reader.ReadAsync(token) ? TimeSpan.FromSeconds(reader.GetDouble(0)) : null;
        }, cancel);
}
