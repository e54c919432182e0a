using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>libpq's connection URI as Npgsql's keywords.
/// https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING-URIS</summary>
// Example: postgresql://ledger:p%40ss@db.example.com:5432/ledger?sslmode=verify-full
public static class ConnectionUri
{
    public static bool IsUri(string connection) =>
        connection.StartsWith("postgresql://", StringComparison.Ordinal) || connection.StartsWith("postgres://", StringComparison.Ordinal);

    /// <summary>Only <c>sslmode</c> is known of the URI's parameters: an option that would be ignored is refused instead.</summary>
    /// <exception cref="FormatException">Not such a URI; the message holds nothing of it, since it may hold a password.</exception>
    public static string ToKeywords(string uri)
    {
        if (!IsUri(uri) || !Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Host.Length == 0)
            throw new FormatException("not a postgresql:// URI with a host");
        var user = parsed.UserInfo.Split(':', 2);
        var keywords = new NpgsqlConnectionStringBuilder
        {
            Host = Uri.UnescapeDataString(parsed.Host),
            Port = parsed.Port > 0 ? parsed.Port : 5432,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = Uri.UnescapeDataString(parsed.AbsolutePath.TrimStart('/')),
        };
        foreach (var parameter in parsed.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            if (parameter.Split('=', 2) is not ["sslmode", var mode]
                || !Enum.TryParse<SslMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var ssl))
                throw new FormatException($"the parameter '{parameter.Split('=')[0]}' is not understood here");
            keywords.SslMode = ssl;
        }
        return keywords.ConnectionString;
    }
}
