namespace Ledger.Core.Entries;

/// <summary>Which anchored checkpoint is an entry's: of those that cover it, the first that was submitted. A checkpoint that is anchored
/// later changes nothing, whatever its size: with two logs the smaller one may well be the later.</summary>
internal static class FirstAnchor
{
    /// <summary>At most one row for the entry <c>e</c>: <c>tl_entry_id, tl_log_index, submitted_at, position</c>. The view
    /// <c>ledger.entries</c> says the same.</summary>
    // A log is given a tenant's checkpoints in ascending size, so its first that covers the entry is its smallest: one probe of the index
    // anchors_by_log for each log there ever was, of which there are a few.
    public const string Sql = """
        (SELECT c.tl_entry_id, c.tl_log_index, c.submitted_at, c.position
           FROM transparency_logs l
          CROSS JOIN LATERAL (SELECT n.tl_entry_id, n.tl_log_index, n.submitted_at, n.position FROM anchors n
                               WHERE n.tenant_id = e.tenant_id AND n.epoch = e.epoch AND n.kind = 'checkpoint'
                                 AND n.tl_log_id = l.tl_log_id AND n.position > e.seq
                               ORDER BY n.position, n.submitted_at, n.tl_log_index LIMIT 1) c
          ORDER BY c.submitted_at, c.position, l.tl_log_id LIMIT 1)
        """;
}
