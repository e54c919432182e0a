namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>A client scope. The built-in ones add their claims by name (see <c>TokenClaims</c>); a realm's own do by mappers.</summary>
/// <param name="Name">As it is asked for in <c>scope</c>.</param>
/// <param name="InTokenScope">Whether claim <c>scope</c> names it.</param>
/// <param name="Mappers">Of a realm's own.</param>
internal sealed record ClientScope(string Name, bool InTokenScope, IReadOnlyList<ProtocolMapper> Mappers)
{
    /// <summary>Those that clients have without asking, in the order of a refresh token's claim <c>scope</c>.</summary>
    public static IReadOnlyList<string> DefaultNames { get; } = ["profile", "roles", "web-origins", "basic", "email", "acr"];

    public static IReadOnlyList<string> OptionalNames { get; } = ["address", "phone", "organization", "offline_access", "microprofile-jwt"];

    /// <summary>What a realm has unless its file brings client scopes of its own.</summary>
    public static IEnumerable<ClientScope> BuiltIn => DefaultNames.Concat(OptionalNames).Append("service_account")
        .Select(name => new ClientScope(name, name is not ("roles" or "web-origins" or "basic" or "acr" or "service_account"), []));
}
