namespace Ledger.Testing.Processes;

/// <summary>The programs of this repository as they were built beside the running tests, in the same configuration.</summary>
public static class BuiltProgram
{
    public static string Api => DevHost.Processes.BuiltProgram.Api;

    public static string Workers => DevHost.Processes.BuiltProgram.Workers;

    public static string Verify => DevHost.Processes.BuiltProgram.Verify;

    public static string DevHostProgram => DevHost.Processes.BuiltProgram.DevHost;
}
