using Ledger.Core.Tenancy;

namespace Ledger.Core.Doctor;

/// <summary>Whether the scrubber, which reads every log again and again, found one that does not fit. What was found in an epoch that is
/// closed is decided, and a warning.</summary>
public sealed class ScrubsCheck(DoctorDatabase database) : IDoctorCheck
{
    private const int MostNamed = 5;

    private const string Sql = """
        SELECT s.tenant_id, s.epoch, s.finding_reason, s.finding_seq, s.epoch = t.current_epoch
          FROM scrubs s JOIN tenants t ON t.tenant_id = s.tenant_id
         WHERE s.finding_reason IS NOT NULL
         ORDER BY 5 DESC, s.finding_at, s.tenant_id, s.epoch
        """;

    public string Name => "scrubs";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var found = await database.ListAsync(Sql, row => (Text: $"{row.GetString(0)}/{row.GetInt32(1)} ({row.GetString(2)}"
            + $"{(row.IsDBNull(3) ? "" : $" at {row.GetInt64(3)}")})", IsCurrent: row.GetBoolean(4)), cancel);
        if (found.Count == 0) return Verdict.Pass("no log was found damaged");
        var more = found.Count > MostNamed ? $" and {found.Count - MostNamed} more" : "";
        var text = $"found damaged: {string.Join(", ", found.Take(MostNamed).Select(one => one.Text))}{more}: "
            + "docs/runbooks/data-integrity.md";
        return found[0].IsCurrent ? Verdict.Fail(text) : Verdict.Warn(text);
    }
}
