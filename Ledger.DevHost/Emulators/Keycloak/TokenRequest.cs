namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>What a token minted beside the token endpoint shall say.</summary>
public sealed record TokenRequest
{
    /// <summary>Claim <c>sub</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>Claim <c>azp</c>: the client it was given to.</summary>
    public required string Azp { get; init; }

    /// <summary>Claim <c>realm_access.roles</c>: CLIENT_ADMIN, CLIENT_TECH, AUDITOR, PLATFORM_ADMIN.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Claim <c>tenant</c>; null: absent, as in the platform realm.</summary>
    public string? Tenant { get; init; }

    /// <summary>exp − iat.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Claim <c>auth_time</c>: when the person signed in; null: absent, as in tokens of services.</summary>
    public DateTimeOffset? AuthTime { get; init; }
}
