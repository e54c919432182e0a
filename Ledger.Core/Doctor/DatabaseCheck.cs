using System.Globalization;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Doctor;

/// <summary>Whether the database is one that an acknowledged entry may be trusted to.</summary>
public sealed class DatabaseCheck(DoctorDatabase database, TimeProvider time) : IDoctorCheck
{
    /// <summary>How far its clock may be from ours: leases and waits compare the two.</summary>
    public static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(10);

    private const int OldestVersion = 150_000;

    private const double SlowMilliseconds = 250;

    private const int RoundTrips = 3;

    private const string Sql = """
        SELECT current_setting('server_version_num')::int, current_setting('server_version'), current_setting('synchronous_commit'),
               current_setting('fsync'), current_setting('full_page_writes'), pg_is_in_recovery(), clock_timestamp(), session_user::text
        """;

    public string Name => DoctorDatabase.Check;

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        try
        {
            return await database.ReadAsync(null, ExamineAsync, cancel);
        }
        catch (PrerequisiteException e)
        {
            return Verdict.Fail(e.Message);
        }
        catch (Npgsql.PostgresException e) when (e.SqlState is "42501" or "22023" or "42704")
        {
            return Verdict.Fail($"the login of ConnectionStrings:ledger may not take on the role {database.Database.Role.SqlName()}, which "
                + "a grant or `Ledger.Workers migrate` gives it");
        }
    }

    private async Task<Verdict> ExamineAsync(LedgerTransaction transaction, CancellationToken cancel)
    {
        var found = new List<Verdict>();
        var before = time.GetUtcNow();
        string version;
        TimeSpan skew;
        await using (var reader = await transaction.QueryAsync(Sql, cancel))
        {
            await reader.ReadAsync(cancel);
            version = reader.GetString(1);
            var after = time.GetUtcNow();
            // Somewhere between the question and its answer; of a slow one nothing else can be said.
            var theirs = reader.GetTime(6);
            skew = theirs < before ? theirs - before : theirs > after ? theirs - after : TimeSpan.Zero;
            if (reader.GetInt32(0) < OldestVersion) found.Add(Verdict.Fail($"PostgreSQL {version}: 15 is the oldest that serves"));
            if (reader.GetBoolean(5))
                found.Add(Verdict.Fail("it is a standby, which takes no writes: ConnectionStrings:ledger must lead to the primary"));
            if (reader.GetString(2) is "off" or "local")
                found.Add(Verdict.Warn($"synchronous_commit is {reader.GetString(2)}: our commits set it, nobody else's do"));
            if (reader.GetString(3) == "off" || reader.GetString(4) == "off")
                found.Add(Verdict.Warn("fsync or full_page_writes is off: a crash of the machine loses what was acknowledged"));
        }
        if (skew.Duration() > MostSkew)
            found.Add(Verdict.Warn(string.Create(CultureInfo.InvariantCulture,
                $"its clock is {skew.TotalSeconds:0} s ahead of ours: one of the two is wrong")));
        var trip = await RoundTripAsync(transaction, cancel);
        if (trip > SlowMilliseconds)
            found.Add(Verdict.Warn(string.Create(CultureInfo.InvariantCulture,
                $"a round trip takes {trip:0} ms: appends wait for several")));
        return Verdict.Worst(found, string.Create(CultureInfo.InvariantCulture,
            $"PostgreSQL {version}, round trip {Math.Max(1, trip):0} ms, role {database.Database.Role.SqlName()}"));
    }

    private async Task<double> RoundTripAsync(LedgerTransaction transaction, CancellationToken cancel)
    {
        // The quickest says how far away the server is; one alone, how busy a machine was.
        var quickest = double.MaxValue;
        for (var i = 0; i < RoundTrips; i++)
        {
            var start = time.GetTimestamp();
            await using (var reader = await transaction.QueryAsync("SELECT 1", cancel)) await reader.ReadAsync(cancel);
            quickest = Math.Min(quickest, time.GetElapsedTime(start).TotalMilliseconds);
        }
        return quickest;
    }
}
