namespace Ledger.Core.Tenancy;

/// <summary>Where jitter comes from. Nothing unguessable.</summary>
public class RandomSource
{
    /// <summary>At least 0, less than 1. Safe for use from many threads.</summary>
    public virtual double Next() =>
#pragma warning disable RS0030 // This is the one place the banned list points to.
        Random.Shared.NextDouble();
#pragma warning restore RS0030
}
