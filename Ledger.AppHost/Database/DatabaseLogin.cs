using System.Data.Common;

namespace Ledger.AppHost.Database;

/// <summary>
/// The connection string of one of the ledger's logins, made from an administrator's: the same server, another user, and nothing of the
/// administrator's own. <c>Host=localhost;Port=5432;Username=postgres;Password=…</c> becomes
/// <c>Host=localhost;Port=5432;Username=ledger_api;Password=…;Database=ledger</c>.
/// </summary>
internal sealed class DatabaseLogin(IResourceWithConnectionString server, string user, ParameterResource password)
    : IValueProvider, IManifestExpressionProvider
{
    private const string Name = "ledger";

    /// <summary>What Npgsql takes for who connects, and to what.</summary>
    private static readonly string[] Administrators =
        ["Username", "User Name", "UserId", "User Id", "UID", "Password", "PWD", "PSW", "Passfile", "Database", "DB"];

    public string ValueExpression => server.ConnectionStringExpression.ValueExpression;

    /// <exception cref="DistributedApplicationException">The administrator's connection string is missing, or not in keywords.</exception>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        Of(await server.GetConnectionStringAsync(cancellationToken), user, await password.GetValueAsync(cancellationToken));

    public static string Of(string? administrator, string user, string? password)
    {
        DbConnectionStringBuilder login;
        try
        {
            login = new DbConnectionStringBuilder { ConnectionString = administrator ?? "" };
        }
        catch (ArgumentException e)
        {
            throw new DistributedApplicationException(
                "connection string postgres: write it in keywords, Host=…;Username=…;Password=…", e);
        }
        if (login.Count == 0)
            throw new DistributedApplicationException("connection string postgres: it is empty");
        foreach (var keyword in Administrators)
            login.Remove(keyword);
        login["Username"] = user;
        login["Password"] = password;
        login["Database"] = Name;
        return login.ConnectionString;
    }
}
