using System.Text.Json;
using Ledger.Core.Problems;
using Ledger.Verify;
using Ledger.Verify.Entries;

namespace Ledger.Core.Attestations;

/// <summary>What of a third party's in-toto Statement is needed to find it again. The predicate is the third party's affair.
/// https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md</summary>
/// <param name="Subjects">The sha256 digests of its subjects, each once; a subject may have digests of other kinds only.</param>
// Example: {"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"app","digest":{"sha256":"…64 hex…"}}],
//  "predicateType":"https://openvex.dev/ns/v0.2.0","predicate":{…}}
public sealed record AttestedStatement(string PredicateType, IReadOnlyList<Digest> Subjects)
{
    private const string VersionOne = "https://in-toto.io/Statement/v1", VersionZero = "https://in-toto.io/Statement/v0.1";

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = AttestationLimits.StatementDepth,
        AllowDuplicateProperties = false, // of two subjects, which one would have been attested?
    };

    /// <exception cref="LedgerProblemException">invalid-statement.</exception>
    public static AttestedStatement Read(string payloadType, ReadOnlyMemory<byte> payload)
    {
        if (payloadType != Dsse.InTotoPayloadType)
            throw new LedgerProblemException(
                ProblemTypes.InvalidStatement, $"payloadType must be {Dsse.InTotoPayloadType}.", "payloadType");
        try
        {
            using var document = JsonDocument.Parse(payload, Options);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a string that is not UTF-8, or half of a surrogate pair.
            throw Refused("The payload must be one JSON object in UTF-8, no name twice, at most "
                + $"{AttestationLimits.StatementDepth} levels deep.");
        }
    }

    private static AttestedStatement Read(JsonElement statement)
    {
        if (statement.ValueKind != JsonValueKind.Object) throw Refused("The payload must be a JSON object.");
        if (TextOf(statement, "_type") is not (VersionOne or VersionZero))
            throw Refused($"_type must be {VersionOne} or {VersionZero}.");
        if (TextOf(statement, "predicateType") is not { Length: > 0 and <= AttestationLimits.PredicateTypeCharacters } type
            || type.Contains('\0'))
            throw Refused($"predicateType must have 1 to {AttestationLimits.PredicateTypeCharacters} characters.");
        if (!statement.TryGetProperty("subject", out var subjects) || subjects.ValueKind != JsonValueKind.Array
            || subjects.GetArrayLength() is 0 or > AttestationLimits.Subjects)
            throw Refused($"subject must be an array of 1 to {AttestationLimits.Subjects} subjects.");
        return new AttestedStatement(type, [.. subjects.EnumerateArray().Select(Sha256Of).OfType<Digest>().Distinct()]);
    }

    private static Digest? Sha256Of(JsonElement subject)
    {
        if (subject.ValueKind != JsonValueKind.Object || !subject.TryGetProperty("digest", out var digests)
            || digests.ValueKind != JsonValueKind.Object || digests.GetPropertyCount() == 0)
            throw Refused("Every subject must have a digest.");
        if (!digests.TryGetProperty("sha256", out var sha256)) return null;
        return sha256.ValueKind == JsonValueKind.String && Digest.TryParseHex(sha256.GetString()!, out var digest) ? digest
            : throw Refused("A subject's sha256 must be 64 lower-case hex digits.");
    }

    private static string? TextOf(JsonElement statement, string name) =>
        statement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static LedgerProblemException Refused(string detail) => new(ProblemTypes.InvalidStatement, detail, "payload");
}
