using Npgsql;

namespace Ledger.DevHost.Postgres;

/// <summary>
/// libpq's connection URI, `postgresql://user:password@host:5432/database`, to and from Npgsql's keywords.
/// https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING-URIS
/// </summary>
internal static class ConnectionUri
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    public static string FromNpgsql(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        var user = $"{Uri.EscapeDataString(parts.Username ?? "")}:{Uri.EscapeDataString(parts.Password ?? "")}";
        var database = Uri.EscapeDataString(parts.Database ?? "");
        return $"postgresql://{user}@{parts.Host}:{parts.Port}/{database}{SslOf(parts.SslMode)}";
    }

    /// <summary>Npgsql's form of either; only `sslmode` is known of a URI's parameters, others are refused.</summary>
    /// <exception cref="FormatException">Neither a URI nor keywords.</exception>
    public static string ToNpgsql(string connection)
    {
        if (!Array.Exists(Schemes, scheme => connection.StartsWith(scheme, StringComparison.Ordinal)))
            return Keywords(connection);
        if (!Uri.TryCreate(connection, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
            throw new FormatException("not a postgresql:// URI with a host");
        var user = uri.UserInfo.Split(':', 2);
        var parts = new NpgsqlConnectionStringBuilder
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : 5432,
            Username = Uri.UnescapeDataString(user[0]),
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.TrimStart('/')),
        };
        foreach (var parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = parameter.Split('=', 2) is [var n, var v] ? (n, Uri.UnescapeDataString(v)) : (parameter, "");
            var mode = value.Replace("-", "", StringComparison.Ordinal);
            parts.SslMode = name == "sslmode" && Enum.TryParse<SslMode>(mode, ignoreCase: true, out var known)
                ? known
                : throw new FormatException($"{name} is not understood in a postgresql:// URI here");
        }
        return parts.ConnectionString;
    }

    /// <summary>`prefer` is the default of both; the other names differ only by a hyphen.</summary>
    private static string SslOf(SslMode mode) => mode switch
    {
        SslMode.Prefer => "",
        SslMode.VerifyCA => "?sslmode=verify-ca",
        SslMode.VerifyFull => "?sslmode=verify-full",
        _ => $"?sslmode={mode.ToString().ToLowerInvariant()}",
    };

    private static string Keywords(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection).ConnectionString;
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
