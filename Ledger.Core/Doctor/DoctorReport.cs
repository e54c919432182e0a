using Ledger.Core.Operations;

namespace Ledger.Core.Doctor;

/// <summary>What an examination found, in the order of the checks.</summary>
public sealed record DoctorReport(DateTimeOffset CheckedAt, IReadOnlyList<CheckLine> Checks)
{
    /// <summary>Nothing failed; warnings and what is not configured do not count.</summary>
    public bool IsHealthy => Failed.Count == 0;

    public IReadOnlyList<string> Failed => [.. Checks.Where(line => line.Outcome == CheckOutcome.Fail).Select(line => line.Check)];

    /// <summary>As people read it, one line for each check and a last one:
    /// <code>
    /// database             pass    PostgreSQL 15.9, round trip 1 ms
    /// vault                fail    https://vault.example.com:8200 is sealed: unseal it (docs/doctor.md#vault)
    /// failed: vault
    /// </code></summary>
    public IEnumerable<string> Lines()
    {
        var width = Checks.Count == 0 ? 0 : Checks.Max(line => line.Check.Length);
        return Checks.Select(line => $"{line.Check.PadRight(width)}  {line.OutcomeName,-6}  {line.Text}".TrimEnd())
            .Append(IsHealthy ? "healthy" : $"failed: {string.Join(", ", Failed)}");
    }
}
