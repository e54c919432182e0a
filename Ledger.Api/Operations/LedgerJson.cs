using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Api.Anchoring;
using Ledger.Api.ApiKeys;
using Ledger.Api.Attestations;
using Ledger.Api.Checkpoints;
using Ledger.Api.Entries;
using Ledger.Api.Jobs;
using Ledger.Api.People;
using Ledger.Api.Problems;
using Ledger.Api.Signing;
using Ledger.Api.Tenants;
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
[JsonSerializable(typeof(AnchorList))]
[JsonSerializable(typeof(RekorVerifyAnswer))]
[JsonSerializable(typeof(AttestationReceipt))]
[JsonSerializable(typeof(AttestationList))]
[JsonSerializable(typeof(AttestationKeyList))]
[JsonSerializable(typeof(DeadLetterList))]
[JsonSerializable(typeof(ReplayedBody))]
[JsonSerializable(typeof(LedgerKeys))]
[JsonSerializable(typeof(AnchoringBody))]
[JsonSerializable(typeof(PolicyBody))]
[JsonSerializable(typeof(PolicyRequest))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(AppendRequest))]
[JsonSerializable(typeof(BatchRequest))]
[JsonSerializable(typeof(RekorVerifyRequest))]
[JsonSerializable(typeof(EnvelopeRequest))]
[JsonSerializable(typeof(AttestationKeyRequest))]
[JsonSerializable(typeof(TenantBody))]
[JsonSerializable(typeof(TenantList))]
[JsonSerializable(typeof(TenantRequest))]
[JsonSerializable(typeof(SuspendRequest))]
[JsonSerializable(typeof(ApiKeyList))]
[JsonSerializable(typeof(AuditList))]
[JsonSerializable(typeof(DoctorBody))]
[JsonSerializable(typeof(NewApiKeyBody))]
[JsonSerializable(typeof(ApiKeyRequest))]
[JsonSerializable(typeof(ApiKeyRotationRequest))]
[JsonSerializable(typeof(InvitationBody))]
[JsonSerializable(typeof(InvitationList))]
[JsonSerializable(typeof(InvitationRequest))]
[JsonSerializable(typeof(AdministratorRequest))]
[JsonSerializable(typeof(AcceptRequest))]
[JsonSerializable(typeof(PersonBody))]
[JsonSerializable(typeof(PersonList))]
[JsonSerializable(typeof(RoleRequest))]
[JsonSerializable(typeof(LinkBody))]
[JsonSerializable(typeof(LinkList))]
[JsonSerializable(typeof(LinkRequest))]
[JsonSerializable(typeof(byte[]))]
internal sealed partial class LedgerJson : JsonSerializerContext
{
    /// <summary>For what is written outside minimal API results.</summary>
    public static readonly LedgerJson Answers = new(Spell(new JsonSerializerOptions(JsonSerializerDefaults.Web)));

    /// <summary>The options of minimal API results.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        Spell(options).TypeInfoResolverChain.Clear();
        options.TypeInfoResolverChain.Add(Default);
    }

    /// <summary>'+' and non-ASCII stay as they are: the answers are JSON, never inside a page (nosniff says so).
    /// Numbers are numbers, in the OpenAPI document too.</summary>
    private static JsonSerializerOptions Spell(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        return options;
    }
}
