using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Npgsql;

namespace Ledger.DevHost.Tests.Postgres;

public sealed class PostgresClusterTests
{
    [PostgresFact]
    public async Task Databases_of_one_method_are_copies_of_a_template_that_was_migrated_once()
    {
        var cluster = await PostgresCluster.SharedAsync();
        await using var first = await cluster.CreateDatabaseAsync(Migrate);
        await using var second = await cluster.CreateDatabaseAsync(Migrate);
        await ExecuteAsync(first.Owner, "INSERT INTO facts VALUES (2)");

        Assert.Equal(2L, await ScalarAsync(first.Owner, "SELECT count(*) FROM facts"));
        Assert.Equal(1L, await ScalarAsync(second.Owner, "SELECT count(*) FROM facts"));
        Assert.Equal(1, _migrations);
    }

    [PostgresFact]
    public async Task A_copy_keeps_the_settings_of_the_template_database()
    {
        var cluster = await PostgresCluster.SharedAsync();
        await using var database = await cluster.CreateDatabaseAsync(static async owner =>
        {
            var name = new NpgsqlConnectionStringBuilder(owner).Database;
            await ExecuteAsync(owner, $"ALTER DATABASE {name} SET search_path = ledger, public");
        });

        Assert.Equal("ledger, public", await ScalarAsync(database.Api, "SHOW search_path"));
    }

    [PostgresFact]
    public async Task Logins_are_members_of_their_groups_and_the_owner_is_no_superuser()
    {
        var cluster = await PostgresCluster.SharedAsync();
        await using var database = await cluster.CreateDatabaseAsync();

        Assert.Equal("ledger_app", await ScalarAsync(database.Api, "SET ROLE ledger_app; SELECT current_user::text"));
        Assert.Equal("ledger_worker", await ScalarAsync(database.Workers, "SET ROLE ledger_worker; SELECT current_user::text"));
        foreach (var role in new[] { "ledger_app", "ledger_worker", "ledger_admin" })
            Assert.Equal(role, await ScalarAsync(database.Owner, $"SET ROLE {role}; SELECT current_user::text"));
        Assert.Equal("off", await ScalarAsync(database.Owner, "SHOW is_superuser"));
        await Assert.ThrowsAsync<PostgresException>(() => ScalarAsync(database.Api, "SET ROLE ledger_worker"));
    }

    [PostgresFact]
    public async Task A_durable_cluster_that_was_killed_has_every_acknowledged_commit()
    {
        await using var cluster = await PostgresCluster.StartNewAsync(durable: true);
        var database = await cluster.CreateDatabaseAsync();
        await ExecuteAsync(database.Owner, "CREATE TABLE facts (n int); INSERT INTO facts VALUES (7)");

        await cluster.KillAsync();
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(database.Owner, "SELECT 1"));
        await cluster.StartAsync();

        Assert.Equal(7, await ScalarAsync(database.Owner, "SELECT n FROM facts"));
        Assert.Equal("on", await ScalarAsync(database.Owner, "SHOW fsync"));
    }

    private static int _migrations;

    private static async Task Migrate(string owner)
    {
        _migrations++;
        await ExecuteAsync(owner, "CREATE TABLE facts (n int); INSERT INTO facts VALUES (1)");
    }

    private static async Task ExecuteAsync(string connection, string statement) => await ScalarAsync(connection, statement);

    private static async Task<object?> ScalarAsync(string connection, string statement)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        await using var command = database.CreateCommand(statement);
        return await command.ExecuteScalarAsync();
    }
}
