namespace Ledger.Core.Tenancy;

/// <summary>Where new ids come from: UUIDv7 (RFC 9562), whose first 48 bits are the given instant's Unix milliseconds.</summary>
public class IdSource
{
    public virtual Guid NewId(DateTimeOffset at) =>
#pragma warning disable RS0030 // This is the one place the banned list points to.
        Guid.CreateVersion7(at);
#pragma warning restore RS0030
}
