namespace Ledger.DevHost.Setup;

/// <summary>Where the high-water marks are: a folder, or a bucket of the storage; the other one is null.</summary>
internal sealed record MarksAccess(string? Folder, string? Bucket);
