namespace Ledger.DevHost.Emulators.Keycloak.Admin.Users;

/// <summary>Which attributes administrators see and may write.</summary>
internal static class ManagedAttributes
{
    /// <summary>Kept in fields of their own; an attribute map never shows them.</summary>
    public static IReadOnlyList<string> Root { get; } = ["username", "email", "firstName", "lastName"];

    /// <summary>Why somebody is locked out for good; the server's own.</summary>
    public const string DisabledReason = "disabledReason";

    public static bool Shows(this UserProfile profile, string attribute)
        => !Root.Contains(attribute)
            && (profile.Attributes.ContainsKey(attribute) || attribute == DisabledReason
                || profile.UnmanagedAttributePolicy is "ENABLED" or "ADMIN_EDIT" or "ADMIN_VIEW");

    /// <summary>What is not written is dropped without a word.</summary>
    public static bool Writes(this UserProfile profile, string attribute)
        => !Root.Contains(attribute)
            && (profile.Attributes.ContainsKey(attribute) || profile.UnmanagedAttributePolicy is "ENABLED" or "ADMIN_EDIT");
}
