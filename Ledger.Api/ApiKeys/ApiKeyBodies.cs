using System.Text.Json.Serialization;
using Ledger.Core.ApiKeys;
using Ledger.Verify.Entries;

namespace Ledger.Api.ApiKeys;

/// <summary>What is sent to make a key. Only documents the body: it is read by hand, strictly.</summary>
/// <param name="Name">1 to 256 characters, for people.</param>
/// <param name="Scopes">At least one of <c>entries:write</c>, <c>entries:read</c>, <c>proofs:write</c>, <c>proofs:read</c>.</param>
/// <param name="ExpiresAt">RFC 3339, in the future, at most 3 653 days from now; absent: the key does not expire.</param>
public sealed record ApiKeyRequest(string Name, IReadOnlyList<string> Scopes, string? ExpiresAt = null);

/// <summary>What is sent to rotate a key.</summary>
/// <param name="OverlapSeconds">How long the old key goes on: 0 to 604 800 (7 days), 86 400 where absent.</param>
public sealed record ApiKeyRotationRequest(int? OverlapSeconds = null);

/// <summary>A key without what opens anything.</summary>
/// <param name="Prefix">How the key itself goes on after its tenant.</param>
/// <param name="State"><c>active</c>, <c>expired</c> or <c>revoked</c>.</param>
/// <param name="LastUsedAt">To the minute, and some seconds late; null: never.</param>
/// <param name="ReplacedBy">The id of the key that a rotation made of it.</param>
public sealed record ApiKeyBody(
    string Id, string Prefix, string Name, IReadOnlyList<string> Scopes, string State, string CreatedBy, string CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? LastUsedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RevokedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? RevokedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? ReplacedBy)
{
    internal static ApiKeyBody Of(ApiKey key, DateTimeOffset now) => new(
        key.Id.ToString(), key.Prefix, key.Name, key.Scopes, NameOf(key.StateAt(now)), key.CreatedBy, LedgerTime.Format(key.CreatedAt),
        Time(key.ExpiresAt), Time(key.LastUsedAt), Time(key.RevokedAt), key.RevokedBy, key.ReplacedBy?.ToString());

    private static string NameOf(ApiKeyState state) => state switch
    {
        ApiKeyState.Active => "active",
        ApiKeyState.Expired => "expired",
        _ => "revoked",
    };

    private static string? Time(DateTimeOffset? at) => at is { } time ? LedgerTime.Format(time) : null;
}

/// <summary>A key as it is shown once, when it is made.</summary>
/// <param name="Key">The whole key: the ledger keeps its hash alone and cannot show it again.</param>
public sealed record NewApiKeyBody(string Key, ApiKeyBody ApiKey)
{
    /// <summary>Never the key itself: records print all they have.</summary>
    public override string ToString() => ApiKey.Prefix;
}

/// <summary>Oldest first; ended ones are never removed.</summary>
public sealed record ApiKeyList(IReadOnlyList<ApiKeyBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
