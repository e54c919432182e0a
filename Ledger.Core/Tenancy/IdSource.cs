namespace Ledger.Core.Tenancy;

/// <summary>Where new ids come from: UUIDv7 (RFC 9562), whose first 48 bits are the given instant's Unix milliseconds. Safe for use from
/// many threads.</summary>
public class IdSource
{
    private const int CounterBits = 12;
    private const int MostCounted = (1 << CounterBits) - 1;

    private long newest; // milliseconds and counter of the newest ordered id

    /// <summary>Beyond the milliseconds all of it is random, 74 bits: of two ids that a tenant is shown, nothing tells how much others made
    /// in between.</summary>
    public virtual Guid NewId(DateTimeOffset at) =>
#pragma warning disable RS0030 // This is the one place the banned list points to.
        Guid.CreateVersion7(at);
#pragma warning restore RS0030

    /// <summary>For what nobody outside is shown: ids that this process makes one after the other are in order. Between the milliseconds
    /// and 62 random bits stands a counter of 12 (section 6.2, method 1). Beyond 4096 ids in a millisecond, and for instants before the
    /// newest seen, the order among them is chance.</summary>
    public Guid NewOrderedId(DateTimeOffset at)
    {
        var id = NewId(at);
        if (Count(at.ToUnixTimeMilliseconds()) is not { } counter) return id;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6] = (byte)(0x70 | (counter >> 8)); // the version, then rand_a
        bytes[7] = (byte)counter;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Null where the millisecond has passed.</summary>
    private int? Count(long millisecond)
    {
        while (true)
        {
            var seen = Volatile.Read(ref newest);
            var next = millisecond << CounterBits;
            if (millisecond < seen >> CounterBits) return null;
            if (millisecond == seen >> CounterBits) next = Math.Min(seen + 1, next | MostCounted);
            if (Interlocked.CompareExchange(ref newest, next, seen) == seen) return (int)(next & MostCounted);
        }
    }
}
