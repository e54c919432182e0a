namespace Ledger.Workers.Operations;

/// <summary>Who runs a command, for the audit trail: the machine's own name of the person, since no token is at hand.</summary>
internal static class Operator
{
    public static string Name { get; } = $"operator:{Environment.UserName}@{Environment.MachineName}";
}
