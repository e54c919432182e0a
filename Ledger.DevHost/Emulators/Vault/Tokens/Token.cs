namespace Ledger.DevHost.Emulators.Vault.Tokens;

/// <summary>A token as stored; times in whole seconds where Vault says seconds.</summary>
internal sealed record Token
{
    public required string Id { get; init; }
    public required string Accessor { get; init; }
    public required IReadOnlyList<string> Policies { get; init; }
    public IReadOnlyDictionary<string, string>? Meta { get; init; }
    public string DisplayName { get; init; } = "token";
    public string Path { get; init; } = "auth/token/create";
    public string Type { get; init; } = "service";
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Seconds it was made for; 0: for ever.</summary>
    public long CreationTtl { get; init; }

    /// <summary>Seconds the last renewal gave it.</summary>
    public long GrantedTtl { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RenewedAt { get; init; }
    public long ExplicitMaxTtl { get; init; }
    public long Period { get; init; }

    /// <summary>Uses left; 0: unlimited.</summary>
    public long Uses { get; init; }

    public bool Renewable { get; init; }
    public bool Orphan { get; init; }
    public string? Parent { get; init; }

    /// <summary>The policy it was minted for beside the API; such a token is found again after a restart.</summary>
    public string? MintedFor { get; init; }

    public bool IsRoot => Policies.Contains("root");

    public bool IsBatch => Type == "batch";

    public long TtlAt(DateTimeOffset now) => ExpiresAt is { } end ? Math.Max(0, (long)Math.Ceiling((end - now).TotalSeconds)) : 0;
}
