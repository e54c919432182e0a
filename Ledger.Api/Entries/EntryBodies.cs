using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Api.Problems;

namespace Ledger.Api.Entries;

/// <summary>What is sent to append. Only documents the body: it is read by hand, strictly.</summary>
/// <param name="Subject">1 to 256 characters. Permanent: no personal data.</param>
/// <param name="Payload">Standard base64, at most 1 MiB decoded. Only its SHA-256 is kept.</param>
/// <param name="Meta">A JSON object, at most 16 KiB and 8 levels deep. Can be erased later.</param>
public sealed record AppendRequest(string Subject, string Payload, JsonElement? Meta = null);

/// <param name="Items">1 to 1 000 items, 16 MiB in all. Each stands alone.</param>
public sealed record BatchRequest(IReadOnlyList<AppendRequest> Items);

/// <summary>The answer of an append: the key signed the statement. Position is unsigned until a checkpoint covers it. Answered as RFC 8785
/// bytes.</summary>
/// <param name="Statement">Base64 of the in-toto Statement's bytes.</param>
public sealed record ReceiptBody(
    long ChainSeq, string CreatedAt, string Id, string KeyId, string LeafHash, string Origin, string PayloadHash, string Prev,
    string PublicKey, long RekorIndex, string RekorLogId, string Signature, string Statement, string Subject, string Tenant);

/// <summary>An entry as it is read back.</summary>
/// <param name="Meta">Null once erased.</param>
/// <param name="MetaErased">True once metadata and salt were erased; every proof stays valid.</param>
/// <param name="RekorLogId">The transparency log's entry id; empty until anchored.</param>
public sealed record EntryBody(
    string Id, string Tenant, string Origin, int Epoch, long ChainSeq, string Subject, string PayloadHash, string PredicateType,
    string CreatedAt, string KeyId, string PublicKey, string Signature, string Prev, string LeafHash, string Statement,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] JsonElement? Meta, bool MetaErased,
    string RekorLogId, long RekorIndex, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? AnchoredAt);

public sealed record EntryList(IReadOnlyList<EntryBody> Items,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>One result per item, in request order.</summary>
public sealed record BatchAnswer(IReadOnlyList<BatchResult> Results);

/// <param name="Status">201 with <paramref name="Entry"/>, or the status of <paramref name="Problem"/>.</param>
public sealed record BatchResult(int Status, ReceiptBody? Entry = null, ProblemBody? Problem = null);

/// <summary>Where an entry is in the tree of the latest checkpoint. Text form: C2SP tlog-proof.</summary>
/// <param name="Hashes">RFC 6962 inclusion proof, lowest node first.</param>
/// <param name="Checkpoint">The signed note.</param>
public sealed record EntryProof(string Id, string Origin, long LeafIndex, string LeafHash, long TreeSize, string RootHash,
    IReadOnlyList<string> Hashes, string Checkpoint);
