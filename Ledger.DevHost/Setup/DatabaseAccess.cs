namespace Ledger.DevHost.Setup;

/// <summary>
/// Npgsql connection strings of the three logins; one and the same with `--postgres`, whose login is then a member of every group.
/// </summary>
internal sealed record DatabaseAccess(string Owner, string Api, string Workers)
{
    /// <summary>Of a login that is a member of `ledger_app` alone, for people; null where none can be made.</summary>
    public string? App { get; init; }
}
