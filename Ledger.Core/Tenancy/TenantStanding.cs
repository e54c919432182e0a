namespace Ledger.Core.Tenancy;

/// <summary>Where a tenant is in its life: docs/tenants.md draws it. The table spells them <c>opening</c>, <c>active</c>,
/// <c>suspended</c>.</summary>
public enum TenantState
{
    /// <summary>Asked for; it has no log yet.</summary>
    Opening,

    Active,

    /// <summary>It reads and does not write.</summary>
    Suspended,
}

public static class TenantStates
{
    public static string SqlName(this TenantState state) => state switch
    {
        TenantState.Opening => "opening",
        TenantState.Suspended => "suspended",
        _ => "active",
    };

    public static TenantState Parse(string name) => name switch
    {
        "opening" => TenantState.Opening,
        "active" => TenantState.Active,
        "suspended" => TenantState.Suspended,
        _ => throw new InvalidDataException($"'{name}' is no state of a tenant."),
    };
}

/// <summary>What a request of a tenant must know of it before anything else.</summary>
/// <param name="RequestsPerSecond">The tenant's own limit; null where it has none.</param>
/// <param name="DisabledSubjects">Token subjects of people who may not sign in any more: their tokens are refused before they
/// expire.</param>
public sealed record TenantStanding(TenantState State, int? RequestsPerSecond, IReadOnlySet<string> DisabledSubjects);
