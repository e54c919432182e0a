using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;

namespace Ledger.Core.Tests.Tenancy;

public sealed class MigratorTests
{
    [Fact]
    public void Migrations_are_numbered_without_gap_or_double() =>
        Assert.Equal(Enumerable.Range(1, Migrator.Names().Count()),
            Migrator.Names().Select(n => int.Parse(n.AsSpan(0, 3), System.Globalization.CultureInfo.InvariantCulture)));

    [PostgresFact]
    public async Task Each_migration_runs_once_in_order()
    {
        await using var database = await EmptyAsync();
        Assert.Equal(Migrator.Names(), await MigrateAsync(database));
        Assert.Empty(await MigrateAsync(database));
        Assert.Equal(Migrator.Names().Count(), await LedgerUnderTest.ScalarAsync<long>(database.Owner,
            "SELECT count(*) FROM ledger.schema_migrations"));
    }

    [PostgresFact]
    public async Task Of_two_migrators_at_once_one_waits_and_finds_nothing_left()
    {
        await using var database = await EmptyAsync();
        var ran = await Task.WhenAll(MigrateAsync(database), MigrateAsync(database), MigrateAsync(database));
        Assert.Equal(Migrator.Names(), Assert.Single(ran, r => r.Count > 0));
    }

    [PostgresFact]
    public async Task A_migration_that_changed_after_it_ran_is_refused_by_name()
    {
        await using var database = await MigratedAsync();
        var name = Migrator.Names().ElementAt(2);
        await LedgerUnderTest.SqlAsync(database.Owner, $"UPDATE ledger.schema_migrations SET sha256 = '\\x00' WHERE name = '{name}'");
        Assert.Contains(name, (await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(database))).Message,
            StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_database_of_a_newer_version_is_refused_by_name()
    {
        await using var database = await MigratedAsync();
        await LedgerUnderTest.SqlAsync(database.Owner,
            "INSERT INTO ledger.schema_migrations (name, sha256) VALUES ('999_later.sql', '\\x00')");
        Assert.Contains("999_later.sql", (await Assert.ThrowsAsync<MigrationException>(() => MigrateAsync(database))).Message,
            StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_database_that_lacks_the_last_migration_gets_that_one_alone()
    {
        await using var database = await MigratedAsync();
        await LedgerUnderTest.SqlAsync(database.Owner, """
            DROP VIEW ledger.entries; DROP VIEW ledger.fact_chain_checkpoints; DELETE FROM ledger.schema_migrations WHERE name = '010_views.sql'
            """);
        Assert.Equal(["010_views.sql"], await MigrateAsync(database));
    }

    [PostgresFact]
    public async Task Sessions_of_the_database_find_the_ledgers_tables_without_naming_the_schema()
    {
        await using var database = await MigratedAsync();
        Assert.Equal("ledger, public", await LedgerUnderTest.ScalarAsync<string>(database.Owner, "SHOW search_path"));
    }

    private static async Task<TestDatabase> EmptyAsync() => await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();

    private static async Task<TestDatabase> MigratedAsync() =>
        await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(LedgerUnderTest.MigrateAsync);

    private static Task<IReadOnlyList<string>> MigrateAsync(TestDatabase database) =>
        Migrator.MigrateAsync(database.Owner, CancellationToken.None);
}
