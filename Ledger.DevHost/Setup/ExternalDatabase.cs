using Ledger.DevHost.Postgres;
using Npgsql;

namespace Ledger.DevHost.Setup;

/// <summary>The server given by `--postgres`: asked whether it is there and new enough; roles and schema are the migration's.</summary>
internal static class ExternalDatabase
{
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
