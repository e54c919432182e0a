using System.Net.Sockets;
using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>What a failure says about the database: codes are https://www.postgresql.org/docs/15/errcodes-appendix.html.</summary>
internal static class DatabaseFaults
{
    private const string IdleSessionTimeout = "57P05";

    /// <summary>The connection is gone, or leads to a server that writes nothing any more: shut down (57P01), crashed (57P02), starting
    /// (57P03), idle for too long (57P05), a connection exception (08, also PgBouncer's word for a server that it lost), demoted to a
    /// standby (25006). Another connection may do. A timeout is none of these: who asked has waited long enough.</summary>
    public static bool IsLostConnection(Exception fault) => fault switch
    {
        PostgresException refused => IsEndOfServer(refused.SqlState) || IsReadOnly(refused),
        NpgsqlException { InnerException: IOException or SocketException } => true,
        _ => false,
    };

    /// <summary>A transaction that writes came to a server that only reads: after a switch-over the pool still leads to the old primary.
    /// </summary>
    public static bool IsReadOnly(Exception fault) => fault is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction };

    /// <summary>No connection could be made, or not in time, or the server has none left (53): what opens the circuit. A password that is
    /// refused is an answer.</summary>
    public static bool IsAbsent(Exception fault) =>
        IsLostConnection(fault) || fault is SocketException or TimeoutException or NpgsqlException { InnerException: TimeoutException }
            or PostgresException { SqlState: ['5', '3', ..] };

    private static bool IsEndOfServer(string state) =>
        state is PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or IdleSessionTimeout
            || state.StartsWith("08", StringComparison.Ordinal);
}

/// <summary>The database was not asked: too many were before, in vain.</summary>
public sealed class DatabaseAwayException(TimeSpan? retryAfter, Exception inner)
    : NpgsqlException("The database could not be reached just now; it is not asked again yet.", inner)
{
    /// <summary>When it will be; null where that is at once, by somebody else's question.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    public override bool IsTransient => true;
}

/// <summary>The server committed, and warned that it waited no longer for the replicas that it was told to wait for. Whether the commit
/// outlives a failover is not known, so nobody may be told that it is durable.</summary>
public sealed class CommitInDoubtException(string warning) : NpgsqlException($"The commit is in doubt: {warning}")
{
    public override bool IsTransient => true;
}
