namespace Ledger.Core.Tenancy;

/// <summary>For transactions whose commit others rely on: what was acknowledged, or goes out of the house.</summary>
internal static class Durable
{
    /// <summary>Commits to the disk, however a role, a database or a server was tuned; what waits for replicas too is left.</summary>
    public const string Sql =
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')";
}
