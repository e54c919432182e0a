using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Doctor;

/// <summary>Whether the database has exactly this version's schema: what <c>migrate</c> would say, without running it.</summary>
public sealed class MigrationsCheck(DoctorDatabase database) : IDoctorCheck
{
    public string Name => "migrations";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        Dictionary<string, byte[]> applied;
        try
        {
            applied = (await database.ListAsync("SELECT name, sha256 FROM schema_migrations",
                row => KeyValuePair.Create(row.GetString(0), row.GetFieldValue<byte[]>(1)), cancel)).ToDictionary();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege
            or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.InvalidParameterValue)
        {
            // Whoever may ask may read it since 027.
            return Verdict.Fail("the database has no schema of ours, or an older one: run `Ledger.Workers migrate`");
        }
        return Judge(applied, Migrator.Checksums());
    }

    /// <summary>Compares names and SHA-256 of what ran with what this program brings.</summary>
    internal static Verdict Judge(IReadOnlyDictionary<string, byte[]> applied, IReadOnlyDictionary<string, byte[]> known)
    {
        var found = new List<Verdict>();
        var missing = known.Keys.Except(applied.Keys).Order(StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            found.Add(Verdict.Fail($"not applied: {string.Join(", ", missing)}: run `Ledger.Workers migrate`"));
        foreach (var name in applied.Keys.Except(known.Keys).Order(StringComparer.Ordinal))
            found.Add(Verdict.Fail($"{name} is of a newer version than this program: deploy that one here too"));
        foreach (var (name, _) in known.Where(one => applied.TryGetValue(one.Key, out var ran) && !ran.AsSpan().SequenceEqual(one.Value))
                     .OrderBy(one => one.Key, StringComparer.Ordinal))
            found.Add(Verdict.Fail($"{name} has another text than the one that was applied"));
        return Verdict.Worst(found, $"{known.Count} applied, the newest {known.Keys.Max(StringComparer.Ordinal)}");
    }
}
