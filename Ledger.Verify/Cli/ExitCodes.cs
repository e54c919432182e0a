namespace Ledger.Verify.Cli;

/// <summary>The process's exit codes. Scripts rely on them: they are never renumbered.</summary>
public static class ExitCodes
{
    /// <summary>Everything present is right and the trust policy is satisfied.</summary>
    public const int Satisfied = 0;

    /// <summary>Something present is wrong, or the policy asks for more than is there.</summary>
    public const int NotSatisfied = 1;

    /// <summary>The command line is wrong; nothing was checked.</summary>
    public const int Usage = 2;

    /// <summary>A file cannot be read as what it should be; one line on stderr says which and why.</summary>
    public const int Unreadable = 3;
}
