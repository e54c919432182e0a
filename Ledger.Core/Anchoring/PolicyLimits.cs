namespace Ledger.Core.Anchoring;

/// <summary>Every cap on what a tenant may ask of its anchoring.</summary>
public static class PolicyLimits
{
    /// <summary>New entries after which a log is due; at least one.</summary>
    public const int Entries = 1_000_000;

    /// <summary>Seconds after which a log with new entries is due: at most a day, at least one.</summary>
    public const int Seconds = 86_400;

    /// <summary>Seconds that the oldest unanchored entry of a fail-closed tenant may be old: at most a year.</summary>
    public const int MaxAgeSeconds = 31_536_000;

    /// <summary>How many effective intervals the limit of a fail-closed tenant has at least: one passes before a checkpoint is due, and
    /// submitting it takes time too.</summary>
    public const int AgeInIntervals = 2;

    /// <summary>Bytes of a policy's JSON.</summary>
    public const int BodyBytes = 4096;
}
