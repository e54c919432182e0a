namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>What a route's declared field is converted to; Vault takes strings, numbers and booleans for each other.</summary>
internal enum FieldType
{
    Text,
    Integer,
    Flag,

    /// <summary>Seconds, or a Go duration such as <c>1h30m</c>.</summary>
    Seconds,

    /// <summary>A list, or one text with commas.</summary>
    List,

    /// <summary>Kept as JSON.</summary>
    Any,
}
