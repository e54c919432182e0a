namespace Ledger.DevHost.Emulators.Vault;

/// <summary>What a sign call costs in all, where a benchmark asks for a real Vault's pace.</summary>
public sealed record SignCost
{
    /// <summary>A call without its signatures; a real Vault was measured at 0.4 ms.</summary>
    public TimeSpan PerCall { get; init; } = TimeSpan.FromMilliseconds(0.4);

    /// <summary>Each signature; measured at 25 µs.</summary>
    public TimeSpan PerSignature { get; init; } = TimeSpan.FromMicroseconds(25);

    /// <summary>Calls served at the same time, the others wait in line; the measured machine had two cores.</summary>
    public int Servers { get; init; } = 2;
}
