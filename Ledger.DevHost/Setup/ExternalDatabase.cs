using Ledger.DevHost.Postgres;
using Npgsql;

namespace Ledger.DevHost.Setup;

/// <summary>The server given by `--postgres`: asked whether it is there and new enough; roles and schema are the migration's.</summary>
internal static class ExternalDatabase
{
    /// <summary>The login for people, where `--postgres` names a login that may create roles; else the same without one.</summary>
    /// <param name="migrated">After the migrations, which make the group that it is a member of.</param>
    public static async Task<DatabaseAccess> WithAppLoginAsync(DatabaseAccess migrated, string password, CancellationToken ct)
    {
        try
        {
            await DatabaseRoles.EnsureAppLoginAsync(migrated.Owner, password, ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return migrated;
        }
        var login = new NpgsqlConnectionStringBuilder(migrated.Owner) { Username = DatabaseRoles.App, Password = password };
        return migrated with { App = login.ConnectionString };
    }

    /// <summary>Null: it takes connections. Else why it does not yet; what will not pass by itself, such as a wrong password, is
    /// thrown.</summary>
    public static async Task<string?> WhyNotYetAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(ct);
            return null;
        }
        catch (NpgsqlException e) when (e is not PostgresException { IsTransient: false })
        {
            return e.InnerException?.Message ?? e.Message;
        }
    }

    public static async Task<DatabaseAccess> OpenAsync(string connectionString, CancellationToken ct)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(ct);
            return connection.PostgreSqlVersion.Major >= PostgresFinder.OldestMajor
                ? new DatabaseAccess(connectionString, connectionString, connectionString)
                : throw new SetupFailed($"--postgres: {connection.PostgreSqlVersion} is older than {PostgresFinder.OldestMajor}");
        }
        catch (NpgsqlException e)
        {
            throw new SetupFailed($"--postgres: {e.Message}", e);
        }
    }
}
