namespace Ledger.Core.Jobs;

/// <summary>Why an attempt failed, as <c>jobs.last_error_class</c> has it.</summary>
public enum JobErrorClass
{
    /// <summary>What a person must set right: a key, a setting, a refused request.</summary>
    Config,

    /// <summary>The other side cannot be reached or asks to wait. Never brings a job nearer to its dead letter.</summary>
    Network,

    /// <summary>The other side answers what it must not: a proof, a root, an entry that is not ours.</summary>
    Log,
}

public static class JobErrorClasses
{
    /// <summary>The class as the tables spell it; null for none.</summary>
    public static string? SqlName(this JobErrorClass? errorClass) => errorClass switch
    {
        JobErrorClass.Config => "config",
        JobErrorClass.Network => "network",
        JobErrorClass.Log => "log",
        _ => null,
    };

    /// <summary>Null where it is no such word.</summary>
    public static JobErrorClass? Parse(string? name) => name switch
    {
        "config" => JobErrorClass.Config,
        "network" => JobErrorClass.Network,
        "log" => JobErrorClass.Log,
        _ => null,
    };
}
