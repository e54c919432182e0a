namespace Ledger.Workers.Jobs;

/// <summary>Section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    public const string Section = "Jobs";

    /// <summary>Whether a connection of its own waits for PostgreSQL's notifications. Behind a transaction-pooling PgBouncer it hears
    /// nothing: set it to false there. Default true.</summary>
    public bool Listen { get; set; } = true;
}
