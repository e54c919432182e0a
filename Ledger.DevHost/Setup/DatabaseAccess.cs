namespace Ledger.DevHost.Setup;

/// <summary>
/// Npgsql connection strings of the three logins; one and the same with `--postgres`, whose login is then a member of every group.
/// </summary>
internal sealed record DatabaseAccess(string Owner, string Api, string Workers);
