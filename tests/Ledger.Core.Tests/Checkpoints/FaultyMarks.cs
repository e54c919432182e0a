using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Tests.Checkpoints;

/// <summary>A store of marks whose next creation or replacement fails before or after it persisted, or that is down.</summary>
internal sealed class FaultyMarks(IHighWaterMarkStore store) : IHighWaterMarkStore
{
    public enum Fault { None, BeforeItPersisted, AfterItPersisted }

    public Fault NextReplace { get; set; }

    public Fault NextCreate { get; set; }

    /// <summary>Runs before a mark is created, once.</summary>
    public Func<Task>? BeforeCreate { get; set; }

    public bool Down { get; set; }

    /// <summary>Runs after a mark was read and before the reader has it.</summary>
    public Func<Task>? AfterRead { get; set; }

    public async ValueTask<StoredMark?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        if (Down) throw new IOException("The store of marks is down.");
        var read = await store.ReadAsync(tenant, epoch, cancel);
        if (AfterRead is { } act)
        {
            AfterRead = null;
            await act();
        }
        return read;
    }

    public async ValueTask<bool> TryCreateAsync(HighWaterMark mark, CancellationToken cancel)
    {
        if (BeforeCreate is { } act)
        {
            BeforeCreate = null;
            await act();
        }
        var fault = Down ? Fault.BeforeItPersisted : NextCreate;
        NextCreate = Fault.None;
        if (fault == Fault.BeforeItPersisted) throw new IOException("The store of marks is down.");
        var created = await store.TryCreateAsync(mark, cancel);
        return fault == Fault.AfterItPersisted ? throw new IOException("The mark's store did not answer.") : created;
    }

    public async ValueTask<bool> TryReplaceAsync(StoredMark read, HighWaterMark next, CancellationToken cancel)
    {
        var fault = Down ? Fault.BeforeItPersisted : NextReplace;
        NextReplace = Fault.None;
        if (fault == Fault.BeforeItPersisted) throw new IOException("The mark was not written.");
        var replaced = await store.TryReplaceAsync(read, next, cancel);
        return fault == Fault.AfterItPersisted ? throw new IOException("The mark's store did not answer.") : replaced;
    }
}
