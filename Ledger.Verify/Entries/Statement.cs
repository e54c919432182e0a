using Ledger.Verify.Json;

namespace Ledger.Verify.Entries;

/// <summary>
/// An in-toto Statement v1 about an entry's payload; the entry's signature covers its RFC 8785 bytes.
/// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
/// </summary>
/// <param name="Subject">The application's name for the fact, 1–256 code points.</param>
/// <param name="PayloadHash">SHA-256 of the payload, which is kept nowhere.</param>
/// <param name="PredicateType">One of <see cref="PredicateTypes"/>.</param>
/// <param name="Tenant">The tenant's id.</param>
/// <param name="Id">The entry's UUIDv7, lower case with hyphens.</param>
/// <param name="CreatedAt">As <see cref="LedgerTime"/> writes it; self-asserted.</param>
/// <param name="MetaCommitment">See <see cref="Entries.MetaCommitment"/>.</param>
/// <param name="PreviousCheckpoint">The signed note of the epoch before, in a <see cref="PredicateTypes.Epoch"/> statement and nowhere
/// else.</param>
/*
{"_type":"https://in-toto.io/Statement/v1","predicate":{"created_at":"2026-01-27T09:08:07.123456Z",
 "id":"019bfe8e-7d2c-7a10-8f3e-0123456789ab","meta_commitment":"…64 hex…","tenant":"demo"},"predicateType":"urn:ledger:predicate:entry:v1",
 "subject":[{"digest":{"sha256":"…64 hex…"},"name":"user-action"}]}
(one line, without white space)
*/
public sealed record Statement(
    string Subject,
    Digest PayloadHash,
    string PredicateType,
    string Tenant,
    string Id,
    string CreatedAt,
    Digest MetaCommitment,
    string? PreviousCheckpoint = null)
{
    private const string Type = "https://in-toto.io/Statement/v1";
    private static readonly JsonLimits ParseLimits = new(Limits.DocumentDepth, Limits.StatementBytes);

    /// <summary>The RFC 8785 bytes.</summary>
    /// <exception cref="ArgumentException">A string has U+0000 or half of a surrogate pair.</exception>
    public byte[] ToBytes()
    {
        // Members in RFC 8785's order.
        var writer = new JcsWriter(640 + Subject.Length + (PreviousCheckpoint?.Length ?? 0));
        writer.StartObject();
        writer.Name("_type"u8);
        writer.Text(Type);
        writer.Name("predicate"u8);
        Predicate(ref writer);
        writer.Name("predicateType"u8);
        writer.Text(PredicateType);
        writer.Name("subject"u8);
        writer.StartArray();
        writer.StartObject();
        writer.Name("digest"u8);
        writer.StartObject();
        writer.Name("sha256"u8);
        writer.Hex(PayloadHash);
        writer.EndObject();
        writer.Name("name"u8);
        writer.Text(Subject);
        writer.EndObject();
        writer.EndArray();
        writer.EndObject();
        return writer.Finish();
    }

    /// <summary>Accepts exactly what <see cref="ToBytes"/> writes for a statement whose fields are well formed.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out Statement statement, out FailureCode failure)
    {
        statement = null!;
        failure = FailureCode.StatementMalformed;
        if (bytes.Length > Limits.StatementBytes || !StrictJson.TryParse(bytes, ParseLimits, out var root, out _)) return false;
        var type = root.Text("_type");
        var predicateType = root.Text("predicateType");
        var predicate = root.Child("predicate");
        if (root.Children("subject") is not [var subject]) return false;
        var parsed = new Statement(
            subject.Text("name"),
            subject.Child("digest").Hex("sha256"),
            predicateType,
            predicate.Text("tenant"),
            predicate.Text("id"),
            predicate.Text("created_at"),
            predicate.Hex("meta_commitment"),
            predicate.OptionalText("previous_checkpoint"));
        if (!root.Complete(out _) || type != Type) return false;

        failure = FailureCode.StatementPredicateUnknown;
        if (!PredicateTypes.IsKnown(predicateType)) return false;
        failure = FailureCode.StatementMalformed;
        if (!parsed.IsWellFormed()) return false;
        failure = FailureCode.StatementNotCanonical;
        if (!bytes.SequenceEqual(parsed.ToBytes())) return false;
        statement = parsed;
        failure = default;
        return true;
    }

    private void Predicate(ref JcsWriter writer)
    {
        writer.StartObject();
        writer.Name("created_at"u8);
        writer.Text(CreatedAt);
        writer.Name("id"u8);
        writer.Text(Id);
        writer.Name("meta_commitment"u8);
        writer.Hex(MetaCommitment);
        if (PreviousCheckpoint is not null)
        {
            writer.Name("previous_checkpoint"u8);
            writer.Text(PreviousCheckpoint);
        }

        writer.Name("tenant"u8);
        writer.Text(Tenant);
        writer.EndObject();
    }

    private bool IsWellFormed() =>
        SubjectName.IsValid(Subject)
        && TenantId.IsValid(Tenant)
        && Guid.TryParseExact(Id, "D", out var id) && id.ToString("D") == Id
        && LedgerTime.TryParse(CreatedAt, out _)
        && PreviousCheckpoint is not null == (PredicateType == PredicateTypes.Epoch);
}
