using Ledger.Core.Anchoring;
using Ledger.Core.Tenancy;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Doctor;

/// <summary>Whether a transparency log is quarantined that no line of its own tells of, since it is not configured in this process. A
/// warning: nothing more is anchored there, but anchors of before name it.</summary>
public sealed class QuarantineCheck(DoctorDatabase database, TransparencyLogs logs) : IDoctorCheck
{
    public string Name => "quarantine";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var others = await database.ListAsync("""
            SELECT url, tl_log_id FROM transparency_logs WHERE quarantined_at IS NOT NULL AND tl_log_id <> ALL ($1) ORDER BY quarantined_at
            """, row => $"{Authority(row.GetString(0))} (log {row.GetString(1)[..16]})", cancel,
            Texts([.. logs.All.Select(log => log.Trusted.LogId.ToHex())]));
        return others.Count == 0 ? Verdict.Pass("no log but those above was quarantined")
            : Verdict.Warn($"{string.Join(", ", others)}: quarantined, and not configured here: docs/runbooks/log-quarantined.md");
    }

    // What an address says of a user is nobody's to read.
    private static string Authority(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Authority : "a log";
}
