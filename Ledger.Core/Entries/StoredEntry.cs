using Ledger.Verify;
using Ledger.Verify.Entries;
using Npgsql;

namespace Ledger.Core.Entries;

/// <summary>A row of <c>chain_entries</c>. The statement is not stored: its columns are,
/// and its canonical bytes follow from them.</summary>
public sealed record StoredEntry
{
    public required string Tenant { get; init; }

    public required int Epoch { get; init; }

    public required long Seq { get; init; }

    public required Guid Id { get; init; }

    public required string PredicateType { get; init; }

    public required string Subject { get; init; }

    public required Digest PayloadHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required Digest MetaCommitment { get; init; }

    public string? PreviousCheckpoint { get; init; }

    public required string KeyId { get; init; }

    public required byte[] Signature { get; init; }

    public required Digest StatementSha256 { get; init; }

    public required Digest Prev { get; init; }

    public required Digest LeafHash { get; init; }

    /// <summary>The statement as the columns say it; its bytes hash to <see cref="StatementSha256"/> unless a row was altered.</summary>
    public Statement ToStatement() =>
        new(Subject, PayloadHash, PredicateType, Tenant, Id.ToString(), LedgerTime.Format(CreatedAt), MetaCommitment, PreviousCheckpoint);

    public Leaf ToLeaf(string origin) => new(origin, Seq, Prev, StatementSha256, KeyId, Signature);
}

/// <summary>The columns of <see cref="StoredEntry"/>, in the order that <see cref="Read"/> takes them.</summary>
public static class EntryRow
{
    public const string Columns =
        "e.tenant_id, e.epoch, e.seq, e.id, e.predicate_type, e.subject, e.payload_hash, e.created_at, e.meta_commitment, "
        + "e.previous_checkpoint, e.key_id, e.signature, e.statement_sha256, e.prev, e.leaf_hash";

    public const int ColumnCount = 15;

    public static StoredEntry Read(NpgsqlDataReader reader) => new()
    {
        Tenant = reader.GetString(0),
        Epoch = reader.GetInt32(1),
        Seq = reader.GetInt64(2),
        Id = reader.GetGuid(3),
        PredicateType = reader.GetString(4),
        Subject = reader.GetString(5),
        PayloadHash = Tenancy.Sql.GetDigest(reader, 6),
        CreatedAt = Tenancy.Sql.GetTime(reader, 7),
        MetaCommitment = Tenancy.Sql.GetDigest(reader, 8),
        PreviousCheckpoint = Tenancy.Sql.GetTextOrNull(reader, 9),
        KeyId = reader.GetString(10),
        Signature = reader.GetFieldValue<byte[]>(11),
        StatementSha256 = Tenancy.Sql.GetDigest(reader, 12),
        Prev = Tenancy.Sql.GetDigest(reader, 13),
        LeafHash = Tenancy.Sql.GetDigest(reader, 14),
    };
}
