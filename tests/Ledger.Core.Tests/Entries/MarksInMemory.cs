using System.Collections.Concurrent;
using Ledger.Core.Entries;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Tests.Entries;

/// <summary>High-water marks as a test wants them: present, missing, unreachable.</summary>
internal sealed class MarksInMemory : IMarkedSize
{
    private readonly ConcurrentDictionary<TenantId, long?> sizes = new();
    private int reads;

    public bool Down { get; set; }

    public int Reads => reads;

    /// <summary>Happens between a reading and what is done with it.</summary>
    public Action? AfterRead { get; set; }

    public void Set(TenantId tenant, long? size) => sizes[tenant] = size;

    public ValueTask<long?> ReadAsync(TenantId tenant, int epoch, CancellationToken cancel)
    {
        Interlocked.Increment(ref reads);
        if (Down) throw new IOException("The store of marks is down.");
        var size = sizes.GetValueOrDefault(tenant);
        AfterRead?.Invoke();
        return ValueTask.FromResult(size);
    }
}
