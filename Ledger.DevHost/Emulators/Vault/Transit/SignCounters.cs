namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>How often sign was called, and for how many signatures: what a client of a real Vault pays for.</summary>
internal sealed class SignCounters
{
    private long calls;
    private long signatures;

    public long Calls => Interlocked.Read(ref calls);

    public long Signatures => Interlocked.Read(ref signatures);

    public void Count(int items)
    {
        Interlocked.Increment(ref calls);
        Interlocked.Add(ref signatures, items);
    }
}
