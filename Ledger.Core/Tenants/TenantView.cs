using Ledger.Core.Jobs;
using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Tenants;

/// <summary>A tenant as operators see it: nothing of its data.</summary>
/// <param name="Suspension">Null unless it is suspended with a reason.</param>
/// <param name="Opening">While it is not open: the job that opens it; null where that was given up, and once it is open.</param>
public sealed record TenantView(TenantId Tenant, string? Name, TenantState State, bool IsPublic, TenantAllowance Limits,
    DateTimeOffset CreatedAt, TenantSuspension? Suspension, TenantOpeningJob? Opening)
{
    // A tenant has at most one open job of its opening (jobs_one_opening).
    internal const string Select = $"""
        SELECT t.tenant_id, t.name, t.state, t.log_public, t.requests_per_second, t.max_people, t.max_api_keys, t.created_at,
               t.suspended_at, t.suspended_reason, j.id, j.status, j.attempt_count, j.last_error, j.next_retry_at, t.identity_providers
          FROM tenants t
          LEFT JOIN jobs j ON j.tenant_id = t.tenant_id AND j.queue = '{JobQueues.TenantOpenings}' AND t.state = 'opening'
                          AND j.status IN ('pending', 'running', 'dead_letter', 'disabled')
        """;

    internal static TenantView Read(NpgsqlDataReader row) => new(
        TenantId.Parse(row.GetString(0)), row.GetTextOrNull(1), TenantStates.Parse(row.GetString(2)), row.GetBoolean(3),
        new TenantAllowance(row.GetIntOrNull(4), row.GetIntOrNull(5), row.GetIntOrNull(6))
        {
            IdentityProviders = row.GetFieldValue<string[]>(15),
        }, row.GetTime(7),
        row.IsDBNull(8) ? null : new TenantSuspension(row.GetTime(8), row.GetString(9)),
        row.IsDBNull(10) ? null : new TenantOpeningJob(row.GetGuid(10), row.GetString(11), row.GetInt32(12), row.GetTextOrNull(13),
            row.IsDBNull(14) ? null : row.GetTime(14)));
}

/// <summary>What an operator grants a tenant; null where it has no limit of its own.</summary>
/// <param name="RequestsPerSecond">Of all its callers together, in each API process.</param>
/// <param name="People">As in <see cref="TenantLimits"/>.</param>
/// <param name="ApiKeys">As in <see cref="TenantLimits"/>.</param>
public sealed record TenantAllowance(int? RequestsPerSecond, int? People, int? ApiKeys)
{
    /// <summary>The largest that any of them may be.</summary>
    public const int Most = 1_000_000;

    /// <summary>Identity providers of one tenant; as many as the audit trail shows in one detail.</summary>
    public const int MostProviders = 10;

    /// <summary>Characters of each.</summary>
    public const int ProviderCharacters = 100;

    /// <summary>Keycloak's names of those that the tenant's people may be linked to.</summary>
    public IReadOnlyList<string> IdentityProviders { get; init; } = [];

    /// <summary>As the audit trail shows it.</summary>
    public IReadOnlyDictionary<string, string> Details() => new Dictionary<string, string>
    {
        ["requests_per_second"] = $"{RequestsPerSecond}", ["people"] = $"{People}", ["api_keys"] = $"{ApiKeys}",
        ["identity_providers"] = string.Join(' ', IdentityProviders),
    };
}

/// <param name="Reason">The operator's words.</param>
public sealed record TenantSuspension(DateTimeOffset Since, string Reason);

/// <param name="Status"><c>pending</c>, <c>running</c>; <c>dead_letter</c> where it gave up and waits for an operator.</param>
/// <param name="LastError">Why the last attempt failed; null before.</param>
/// <param name="NextTryAt">Null unless it is pending.</param>
public sealed record TenantOpeningJob(Guid Id, string Status, int Attempts, string? LastError, DateTimeOffset? NextTryAt);
