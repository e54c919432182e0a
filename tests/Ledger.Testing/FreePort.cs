namespace Ledger.Testing;

/// <summary>A loopback port nobody listens on at this moment.</summary>
public static class FreePort
{
    public static int Next() => DevHost.Processes.FreePort.Next();
}
