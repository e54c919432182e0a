using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;
using Npgsql;

namespace Ledger.Testing.Postgres;

/// <summary>One database of a throw-away cluster, as each of the product's logins sees it. Disposing drops it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly Cluster _cluster;
    private readonly DatabasePasswords _passwords;

    internal TestDatabase(Cluster cluster, string name, DatabasePasswords passwords) =>
        (_cluster, Name, _passwords) = (cluster, name, passwords);

    public string Name { get; }

    /// <summary>`ledger_owner`: migrations and runbooks; no superuser.</summary>
    public string Owner => _cluster.ConnectionString(DatabaseRoles.Owner, _passwords.Owner, Name);

    /// <summary>`ledger_api`, a member of `ledger_app`.</summary>
    public string Api => _cluster.ConnectionString(DatabaseRoles.Api, _passwords.Api, Name);

    /// <summary>`ledger_workers`, a member of `ledger_worker`.</summary>
    public string Workers => _cluster.ConnectionString(DatabaseRoles.Workers, _passwords.Workers, Name);

    /// <summary>`postgres`: what an attacker with the machine can do, such as altering rows with the triggers disabled.</summary>
    public string Superuser => _cluster.SuperuserConnectionString(Name);

    /// <summary>The owner's login as a libpq URI, for `psql` and `CRDB_DSN`.</summary>
    public string OwnerUri => ConnectionUri.FromNpgsql(Owner);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var server = NpgsqlDataSource.Create(_cluster.SuperuserConnectionString());
            await using var drop = server.CreateCommand($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");
            await drop.ExecuteNonQueryAsync();
        }
        catch (NpgsqlException)
        {
            // The whole cluster is thrown away after this; a server that a test left dead has nothing to drop.
        }
    }
}
