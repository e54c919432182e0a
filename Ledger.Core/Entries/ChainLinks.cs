using Ledger.Core.Tenancy;
using Ledger.Verify;

namespace Ledger.Core.Entries;

/// <summary>Puts entries one after the other behind a locked head: seq, prev, leaf hash.</summary>
internal sealed class ChainLinks(TenantId tenant, ChainHead head)
{
    private readonly List<(StoredEntry, PreparedEntry)> rows = [];
    private readonly Dictionary<string, long> newKeys = [];

    public long NextSeq { get; private set; } = head.NextSeq;

    public Digest HeadHash { get; private set; } = head.HeadHash;

    public IReadOnlyList<(StoredEntry Entry, PreparedEntry Prepared)> Rows => rows;

    /// <summary>Keys that sign in this log for the first time, and from which seq.</summary>
    public IReadOnlyDictionary<string, long> NewKeys => newKeys;

    public IReadOnlyList<StoredEntry> Append(IReadOnlyList<PreparedEntry> entries)
    {
        var stored = new StoredEntry[entries.Count];
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = Place(entries[i]);
            stored[i] = entry with { LeafHash = entry.ToLeaf(head.Origin).Hash() };
            rows.Add((stored[i], entries[i]));
            if (!head.EntryKeys.ContainsKey(entry.KeyId)) newKeys.TryAdd(entry.KeyId, entry.Seq);
            HeadHash = stored[i].LeafHash;
            NextSeq++;
        }
        return stored;
    }

    private StoredEntry Place(PreparedEntry entry) => new()
    {
        Tenant = tenant.Value,
        Epoch = head.Epoch,
        Seq = NextSeq,
        Id = entry.Id,
        PredicateType = entry.Statement.PredicateType,
        Subject = entry.Statement.Subject,
        PayloadHash = entry.Statement.PayloadHash,
        CreatedAt = entry.CreatedAt,
        MetaCommitment = entry.Statement.MetaCommitment,
        PreviousCheckpoint = entry.Statement.PreviousCheckpoint,
        KeyId = entry.Key.KeyId,
        Signature = entry.Signature,
        StatementSha256 = entry.StatementSha256,
        Prev = HeadHash,
        LeafHash = default,
    };
}
