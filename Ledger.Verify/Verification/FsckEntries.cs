using System.Globalization;
using Ledger.Verify.Entries;

namespace Ledger.Verify.Verification;

/// <summary>One leaf of a log that is being rebuilt.</summary>
/// <param name="Where">The file it is from, with its line.</param>
/// <param name="Leaf">The leaf.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="PayloadHash">What its statement says; null from public tiles, and where the statement cannot be read.</param>
internal sealed record FsckLeaf(string Where, Leaf Leaf, byte[] Bytes, Digest? PayloadHash = null);

/// <summary>Leaves in order out of <c>entries.jsonl</c>, each rebuilt from its envelope after envelope,
/// signature and metadata were judged.</summary>
internal sealed class FsckEntries(LogFolder folder, FsckFindings findings, TrustLog log)
{
    public IEnumerable<FsckLeaf> Read(long size)
    {
        findings.Begin(CheckNames.StatementSignature);
        using var stream = folder.Open(ExportLayout.Entries);
        if (stream is null)
        {
            findings.Add(CheckNames.Entries, FailureCode.FileMissing, ExportLayout.Entries);
            yield break;
        }

        long seq = 0;
        foreach (var line in JsonLines.Read(stream, Limits.ExportedEntryBytes))
        {
            var where = string.Create(CultureInfo.InvariantCulture, $"{ExportLayout.Entries}:{seq + 1}");
            if (seq >= size)
            {
                findings.Add(CheckNames.Entries, FailureCode.EntryBeyondCheckpoint, where);
                yield break;
            }

            if (line is null || !ExportedEntry.TryParse(line, out var entry, out _))
            {
                findings.Add(CheckNames.Entries, FailureCode.ExportedEntryMalformed, where);
                yield break;
            }

            yield return new FsckLeaf(where, entry.Leaf, entry.Leaf.ToBytes(), Judge(entry, where)?.PayloadHash);
            seq++;
        }

        if (seq < size)
            findings.Add(CheckNames.Entries, FailureCode.EntryMissing,
                string.Create(CultureInfo.InvariantCulture, $"{ExportLayout.Entries}:{seq + 1}"));
    }

    private Statement? Judge(ExportedEntry entry, string where)
    {
        var (leaf, envelope) = (entry.Leaf, entry.Envelope);
        if (envelope.PayloadType != Dsse.InTotoPayloadType) findings.Add(CheckNames.Entries, FailureCode.PayloadTypeUnknown, where);
        if (envelope.Signatures is not [var signature])
        {
            findings.Add(CheckNames.Entries, FailureCode.SignatureCount, where);
            return null;
        }

        if (leaf.StatementSha256 != Digest.Sha256(envelope.Payload)
            || leaf.KeyId != signature.KeyId
            || !leaf.Signature.AsSpan().SequenceEqual(signature.Signature))
            findings.Add(CheckNames.Entries, FailureCode.LeafMismatch, where);

        if (EntryKeys.Verify(log, leaf.Seq, signature.KeyId, envelope.Payload, signature.Signature) is { } wrong)
            findings.Add(CheckNames.StatementSignature, wrong, where);

        if (!Statement.TryParse(envelope.Payload, out var statement, out var failure))
        {
            findings.Add(CheckNames.Entries, failure, where);
            return null;
        }

        if (statement.Tenant != log.Tenant) findings.Add(CheckNames.Entries, FailureCode.TenantMismatch, where);
        if (!LogOrigin.Fits(statement.PredicateType, log.Origin, log.Tenant, leaf.Seq))
            findings.Add(CheckNames.Entries, FailureCode.EpochMisplaced, where);
        if (entry.Meta is not { } meta) return statement;
        findings.Begin(CheckNames.Meta);
        if (MetaCommitment.Of(meta.Value, meta.Salt) != statement.MetaCommitment)
            findings.Add(CheckNames.Meta, FailureCode.MetaMismatch, where);
        return statement;
    }
}
