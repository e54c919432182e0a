using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Api.Checkpoints;
using Ledger.Api.Entries;
using Ledger.Api.Problems;
using Ledger.Api.Signing;
using Ledger.Api.Verification;

namespace Ledger.Api.Operations;

/// <summary>Every JSON answer's shape, known at build time: snake_case, absent rather than null unless the shape says otherwise.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(ReceiptBody))]
[JsonSerializable(typeof(EntryBody))]
[JsonSerializable(typeof(EntryList))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(EntryProof))]
[JsonSerializable(typeof(ChainProofAnswer))]
[JsonSerializable(typeof(CheckpointBody))]
[JsonSerializable(typeof(CheckpointList))]
[JsonSerializable(typeof(ConsistencyAnswer))]
[JsonSerializable(typeof(LedgerKeys))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(AppendRequest))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(byte[]))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    /// <summary>The options of minimal API results. '+' and non-ASCII stay as they are: the answers are JSON, never inside a page (nosniff
    /// says so).</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict; // numbers are numbers, in the document too
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.TypeInfoResolverChain.Clear();
        options.TypeInfoResolverChain.Add(Default);
    }
}
