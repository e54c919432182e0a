namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Where the realms come from.</summary>
public sealed record KeycloakOptions
{
    /// <summary>Folder of realm files; every <c>*.json</c> directly in it is imported at the start, whatever its name.</summary>
    public required string RealmsDirectory { get; init; }

    /// <summary>What <c>${NAME}</c> in a realm file stands for; null: not set, which leaves the placeholder as it is.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Whether the state folder keeps what becomes of users (made, changed, removed, locked). Otherwise every start begins with
    /// those of the files again.</summary>
    public bool KeepUsers { get; init; }
}
