namespace Ledger.Core.ApiKeys;

/// <summary>Every cap on API keys.</summary>
public static class ApiKeyLimits
{
    /// <summary>Keys in use of a tenant, where the tenant has no limit of its own; a key and the one it replaced, which goes on for a
    /// while, are one.</summary>
    public const int Keys = 100;

    /// <summary>Unicode code points of a key's name; at least one.</summary>
    public const int NameCharacters = 256;

    /// <summary>Bytes of a request body.</summary>
    public const int BodyBytes = 16 * 1024;

    /// <summary>How long a rotated key goes on, unless the caller says otherwise.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    /// <summary>How long a rotated key may go on.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    /// <summary>How far off a key's end may be, where it has one: 3 653 days, at least ten years.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(3653);

    /// <summary>Between two writes of a key's last use.</summary>
    public static readonly TimeSpan UsePeriod = TimeSpan.FromMinutes(1);
}
