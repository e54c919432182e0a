using Ledger.Core.Tenancy;
using Npgsql;

namespace Ledger.Core.Anchoring;

/// <summary>An anchor as it is shown: where it is, not how that is proved.</summary>
/// <param name="Position">Checkpoint: the tree size; payload and attestation: the entry's seq.</param>
/// <param name="TransparencyLog">64 hex digits of the log's id.</param>
/// <param name="LogIndex">v1: the global index. 0 is a real index.</param>
/// <param name="EntryId">What <c>rekor-cli get --uuid</c> takes.</param>
/// <param name="IntegratedTime">The log's word for when it took the entry; null where it gives none (v2).</param>
public sealed record AnchorView(
    int Epoch, AnchorKind Kind, long Position, string TransparencyLog, long LogIndex, string Backend, string EntryId,
    DateTimeOffset? IntegratedTime, DateTimeOffset SubmittedAt)
{
    internal const string Columns =
        "a.epoch, a.kind, a.position, a.tl_log_id, a.tl_log_index, a.tl_backend, a.tl_entry_id, a.tl_integrated_time, a.submitted_at";

    internal const int ColumnCount = 9;

    internal static AnchorView Read(NpgsqlDataReader reader) => new(
        reader.GetInt32(0), AnchorKinds.Parse(reader.GetString(1)), reader.GetInt64(2), reader.GetString(3), reader.GetInt64(4),
        reader.GetString(5), reader.GetString(6), reader.IsDBNull(7) ? null : reader.GetTime(7), reader.GetTime(8));
}

/// <summary>An anchor with the file that proves it.</summary>
/// <param name="SigstoreBundle">RFC 8785 bytes of a Sigstore bundle v0.3.</param>
public sealed record AnchorFile(AnchorView Anchor, byte[] SigstoreBundle)
{
    internal const string Columns = $"{AnchorView.Columns}, a.sigstore_bundle";

    internal static AnchorFile Read(NpgsqlDataReader reader) =>
        new(AnchorView.Read(reader), reader.GetFieldValue<byte[]>(AnchorView.ColumnCount));
}

/// <summary>Where a page of anchors ended: the table's primary key within a log.</summary>
public sealed record AnchorPlace(AnchorKind Kind, long Position, string TransparencyLog, long LogIndex)
{
    public static AnchorPlace Of(AnchorView anchor) => new(anchor.Kind, anchor.Position, anchor.TransparencyLog, anchor.LogIndex);
}

/// <param name="Next">Where the next page begins after; null on the last.</param>
public sealed record AnchorPage(IReadOnlyList<AnchorFile> Items, AnchorPlace? Next);
