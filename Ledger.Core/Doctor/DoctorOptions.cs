namespace Ledger.Core.Doctor;

/// <summary>Section <c>Doctor</c>.</summary>
public sealed class DoctorOptions
{
    public const string Section = "Doctor";

    /// <summary>True: a database that archives no WAL fails the check <c>backup</c>. Default false: it is <c>absent</c>.</summary>
    public bool BackupRequired { get; set; }
}
