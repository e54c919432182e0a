namespace Ledger.Core.Storage;

/// <summary>What became of a call that failed.</summary>
public enum StorageFault
{
    /// <summary>It was refused, and nothing was done: another try would be refused too.</summary>
    Refused,

    /// <summary>It never reached the storage.</summary>
    NotSent,

    /// <summary>Not done, because somebody else writes the same object at this moment.</summary>
    Conflict,

    /// <summary>No answer, or one that leaves open whether it was done.</summary>
    Unknown,
}

/// <summary>The storage did not do what it was asked for; the message tells an operator what to look at, and holds no secret.</summary>
public sealed class StorageException(StorageFault fault, string message, Exception? inner = null) : IOException(message, inner)
{
    public StorageFault Fault { get; } = fault;

    internal bool MayPass => Fault != StorageFault.Refused;

    /// <summary>Whether the storage itself failed, rather than this call.</summary>
    internal bool IsOutage => Fault is StorageFault.NotSent or StorageFault.Unknown;
}
