using Npgsql;

namespace Ledger.DevHost.Setup;

/// <summary>The passwords of the three logins.</summary>
internal sealed record DatabasePasswords(string Owner, string Api, string Workers);

/// <summary>
/// What a database administrator does before the first migration: group roles, logins that are members of them, and the database.
/// The owner is no superuser, and a member of every group because its own transactions switch into them.
/// </summary>
internal static class DatabaseRoles
{
    public const string Owner = "ledger_owner", Api = "ledger_api", Workers = "ledger_workers", App = "ledger_app_login";

    private static readonly string[] Groups = ["ledger_app", "ledger_worker", "ledger_admin"];

    public static async Task EnsureAsync(string superuser, DatabasePasswords passwords, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(superuser);
        foreach (var group in Groups)
            await CreateRoleAsync(database, group, ct);
        foreach (var (login, password) in new[] { (Owner, passwords.Owner), (Api, passwords.Api), (Workers, passwords.Workers) })
        {
            await CreateRoleAsync(database, login, ct);
            await ExecuteAsync(database, $"ALTER ROLE {login} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {Literal(password)}", ct);
        }
        await ExecuteAsync(database, $"GRANT {string.Join(", ", Groups)} TO {Owner} WITH ADMIN OPTION", ct);
        await ExecuteAsync(database, $"GRANT ledger_app, ledger_admin TO {Api}", ct);
        await ExecuteAsync(database, $"GRANT ledger_worker TO {Workers}", ct);
    }

    public static async Task EnsureDatabaseAsync(string superuser, string name, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(superuser);
        if (!await ExistsAsync(database, "SELECT FROM pg_database WHERE datname = $1", name, ct))
            await ExecuteAsync(database, $"CREATE DATABASE {name} OWNER {Owner}", ct);
    }

    /// <summary>A login for people who want to see what the API's role sees: member of `ledger_app` and of nothing else, and switched into
    /// it from the first statement on. The group exists since the migrations.</summary>
    /// <param name="administrator">Of a login that may create roles.</param>
    public static async Task EnsureAppLoginAsync(string administrator, string password, CancellationToken ct)
    {
        await using var database = NpgsqlDataSource.Create(administrator);
        await CreateRoleAsync(database, App, ct);
        await ExecuteAsync(database, $"ALTER ROLE {App} LOGIN PASSWORD {Literal(password)}", ct);
        await ExecuteAsync(database, $"GRANT ledger_app TO {App}", ct);
        await ExecuteAsync(database, $"ALTER ROLE {App} SET role TO 'ledger_app'", ct);
    }

    /// <summary>A text in SQL: a statement that defines a role takes no parameters.</summary>
    private static string Literal(string text) =>
        $"E'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal)}'";

    private static async Task CreateRoleAsync(NpgsqlDataSource database, string role, CancellationToken ct)
    {
        if (!await ExistsAsync(database, "SELECT FROM pg_roles WHERE rolname = $1", role, ct))
            await ExecuteAsync(database, $"CREATE ROLE {role} NOLOGIN", ct);
    }

    private static async Task<bool> ExistsAsync(NpgsqlDataSource database, string query, string name, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"SELECT EXISTS ({query})");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string statement, CancellationToken ct)
    {
        await using var command = database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(ct);
    }
}
