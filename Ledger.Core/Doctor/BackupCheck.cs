using System.Globalization;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Options;

namespace Ledger.Core.Doctor;

/// <summary>What the server says of its WAL archive. Of base backups it knows nothing, and so neither does this.</summary>
/// <param name="Mode"><c>archive_mode</c>.</param>
/// <param name="LastArchived">Null: nothing was archived since the statistics began.</param>
/// <param name="LastFailed">Null: nothing failed.</param>
/// <param name="Now">The server's clock.</param>
/// <param name="Timeout"><c>archive_timeout</c>: after this long it archives what was written, full segment or not; zero: never.</param>
/// <param name="IsLevel">Every full segment is in the archive.</param>
public sealed record WalArchive(
    string Mode, DateTimeOffset? LastArchived, DateTimeOffset? LastFailed, DateTimeOffset Now, TimeSpan Timeout, bool IsLevel);

/// <summary>Whether what was written until a quarter of an hour ago would outlive the loss of every server.</summary>
public sealed class BackupCheck(DoctorDatabase database, IOptions<DoctorOptions> options) : IDoctorCheck
{
    /// <summary>What a disaster may cost.</summary>
    public static readonly TimeSpan Rpo = TimeSpan.FromMinutes(15);

    public string Name => "backup";

    private const string Sql = """
        SELECT current_setting('archive_mode'), a.last_archived_time, a.last_failed_time, clock_timestamp(),
               (SELECT setting::int FROM pg_settings WHERE name = 'archive_timeout'),
               CASE WHEN pg_is_in_recovery() THEN false
                    ELSE left(a.last_archived_wal, 24) >=
                         pg_walfile_name(pg_current_wal_lsn() - pg_size_bytes(current_setting('wal_segment_size'))::numeric) END
          FROM pg_stat_archiver a
        """;

    public async Task<Verdict> RunAsync(CancellationToken cancel) => Judge((await database.ListAsync(Sql, row => new WalArchive(
        row.GetString(0), row.IsDBNull(1) ? null : row.GetTime(1), row.IsDBNull(2) ? null : row.GetTime(2), row.GetTime(3),
        TimeSpan.FromSeconds(row.GetInt32(4)), !row.IsDBNull(5) && row.GetBoolean(5)), cancel))[0], options.Value.BackupRequired);

    internal static Verdict Judge(WalArchive archive, bool isRequired)
    {
        if (archive.Mode == "off")
        {
            const string text = "archive_mode is off: the server archives no WAL";
            return isRequired ? Verdict.Fail($"{text}, and Doctor:BackupRequired asks for it") : Verdict.Absent(text);
        }
        if (archive.LastFailed is { } failed && (archive.LastArchived is not { } good || failed > good))
            return Verdict.Fail($"WAL has not been archived since {Time(archive.LastArchived)}: the last try, {Time(failed)}, failed");
        if (archive.LastArchived is not { } last)
            return isRequired ? Verdict.Fail("no WAL was ever archived") : Verdict.Warn("no WAL was archived yet");
        var age = archive.Now - last;
        if (age <= Rpo) return Verdict.Pass(string.Create(CultureInfo.InvariantCulture, $"WAL archived {age.TotalMinutes:0} min ago"));
        // A server that nobody writes to archives nothing, and loses nothing either.
        return archive.IsLevel && archive.Timeout > TimeSpan.Zero && archive.Timeout <= Rpo
            ? Verdict.Pass($"WAL archived last {Time(last)}, and nothing is behind it")
            : Verdict.Fail($"WAL was archived last {Time(last)}: more than {Rpo.TotalMinutes:0} min would be lost; set archive_timeout");
    }

    private static string Time(DateTimeOffset? at) =>
        at is { } time ? time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : "ever";
}
