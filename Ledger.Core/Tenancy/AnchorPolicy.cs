using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>What of a tenant's log is submitted to transparency logs. The table spells them <c>off</c>, <c>checkpoint</c>,
/// <c>entry</c>.</summary>
public enum AnchorMode
{
    /// <summary>Nothing.</summary>
    Off,

    /// <summary>Checkpoints.</summary>
    Checkpoint,

    /// <summary>Checkpoints, and each entry's <c>payload_hash</c>, which is thereby public.</summary>
    Entry,
}

/// <summary>What an append does while the outside witness is late.</summary>
public enum FailMode
{
    /// <summary>It is stored, and anchored later.</summary>
    Open,

    /// <summary>503 <c>witness-unavailable</c> while the oldest unanchored entry is older than the tenant's limit.</summary>
    Closed,
}

/// <summary>A tenant's anchoring policy: columns of its row in <c>tenants</c>.</summary>
/// <param name="Entries">A log is due for its transparency logs after this many new entries …</param>
/// <param name="Seconds">… or when the oldest of them is this old, whichever is first.</param>
/// <param name="MaxAgeSeconds">The limit of <see cref="FailMode.Closed"/>; null where there is none.</param>
public sealed record AnchorPolicy(AnchorMode Anchor, int Entries, int Seconds, FailMode Fail, int? MaxAgeSeconds)
{
    /// <summary>What a new tenant has: the columns' defaults.</summary>
    public static readonly AnchorPolicy Default = new(AnchorMode.Checkpoint, 1000, 60, FailMode.Open, null);

    /// <summary>How many columns <see cref="Columns"/> are.</summary>
    public const int ColumnCount = 5;

    /// <summary>For a query in which <c>t</c> is <c>tenants</c>.</summary>
    public const string Columns = "t.anchor_policy, t.anchor_entries, t.anchor_seconds, t.fail_mode, t.max_age_seconds";

    /// <summary>As the audit trail shows it.</summary>
    public override string ToString() => $"anchor={Anchor.Name()} entries={Entries} seconds={Seconds} fail={Fail.Name()}"
        + (MaxAgeSeconds is { } age ? $" max_age_seconds={age}" : "");

    /// <summary>Reads <see cref="Columns"/>, which begin at <paramref name="at"/>.</summary>
    public static AnchorPolicy Read(NpgsqlDataReader reader, int at = 0) => new(
        AnchorPolicyNames.AnchorOf(reader.GetString(at))!.Value, reader.GetInt32(at + 1), reader.GetInt32(at + 2),
        AnchorPolicyNames.FailOf(reader.GetString(at + 3))!.Value, reader.IsDBNull(at + 4) ? null : reader.GetInt32(at + 4));
}

/// <summary>The policy's words, the same in the table and in the API.</summary>
public static class AnchorPolicyNames
{
    public static string Name(this AnchorMode mode) => mode switch
    {
        AnchorMode.Off => "off",
        AnchorMode.Entry => "entry",
        _ => "checkpoint",
    };

    public static string Name(this FailMode mode) => mode == FailMode.Closed ? "closed" : "open";

    /// <summary>Null where it is no such word.</summary>
    public static AnchorMode? AnchorOf(string name) => name switch
    {
        "off" => AnchorMode.Off,
        "checkpoint" => AnchorMode.Checkpoint,
        "entry" => AnchorMode.Entry,
        _ => null,
    };

    /// <summary>Null where it is no such word.</summary>
    public static FailMode? FailOf(string name) => name switch { "open" => FailMode.Open, "closed" => FailMode.Closed, _ => null };
}
