namespace Ledger.Core.ApiKeys;

/// <summary>Every cap on API keys.</summary>
public static class ApiKeyLimits
{
    /// <summary>Unrevoked keys of a tenant, expired ones too, where the tenant has no limit of its own.</summary>
    public const int Keys = 100;

    /// <summary>Unicode code points of a key's name; at least one.</summary>
    public const int NameCharacters = 256;

    /// <summary>Bytes of a request body.</summary>
    public const int BodyBytes = 16 * 1024;

    /// <summary>How long a rotated key goes on, unless the caller says otherwise.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    /// <summary>How long a rotated key may go on.</summary>
    public static readonly TimeSpan LongestOverlap = TimeSpan.FromDays(7);

    /// <summary>Between two writes of a key's last use.</summary>
    public static readonly TimeSpan UsePeriod = TimeSpan.FromMinutes(1);
}
