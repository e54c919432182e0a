using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.ApiKeys;

/// <summary>What is known of a key. Nothing of it opens anything.</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Prefix">12 characters of <c>a-z2-7</c>: how the key itself goes on after its tenant.</param>
/// <param name="ExpiresAt">From here on it is refused; null: never.</param>
/// <param name="LastUsedAt">To the minute, and some seconds late; null: never.</param>
/// <param name="RevokedAt">Since when it is refused for good.</param>
/// <param name="ReplacedBy">The key that a rotation made of it.</param>
public sealed record ApiKey(
    Guid Id, string Prefix, string Name, IReadOnlyList<string> Scopes, string CreatedBy, DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt, string? RevokedBy, Guid? ReplacedBy)
{
    internal const string Columns = "k.id, k.prefix, k.name, k.scopes, k.created_by, k.created_at, k.expires_at, k.last_used_at, "
        + "k.revoked_at, k.revoked_by, k.replaced_by";

    internal const int ColumnCount = 11;

    /// <summary>Who acts: scope of Idempotency-Keys and actor of the audit trail.</summary>
    public string Principal => $"api-key:{Prefix}";

    public ApiKeyState StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? ApiKeyState.Revoked : ExpiresAt <= now ? ApiKeyState.Expired : ApiKeyState.Active;

    internal static ApiKey Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<string[]>(3), reader.GetString(4),
        reader.GetTime(5), Time(reader, 6), Time(reader, 7), Time(reader, 8), reader.GetTextOrNull(9),
        reader.IsDBNull(10) ? null : reader.GetGuid(10));

    private static DateTimeOffset? Time(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetTime(column);
}

public enum ApiKeyState
{
    Active,
    Expired,
    Revoked,
}
