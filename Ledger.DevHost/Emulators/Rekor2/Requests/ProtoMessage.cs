namespace Ledger.DevHost.Emulators.Rekor2.Requests;

/// <summary>The types of fields that a request has.</summary>
internal enum ProtoType
{
    Message,
    Bytes,
    Enum,

    /// <summary>Taken as it is and not looked at.</summary>
    Anything,
}

/// <summary>One field of a message.</summary>
/// <param name="Name">In JSON; the name of the .proto file is taken too.</param>
/// <param name="Of">The message of a <see cref="ProtoType.Message"/>.</param>
/// <param name="OneOf">Fields with the same one exclude each other.</param>
internal sealed record ProtoField(string Name, string ProtoName, ProtoType Type, ProtoMessage? Of = null, string? OneOf = null);

/// <summary>The shape of a message, as rekor_service.proto has it.</summary>
internal sealed record ProtoMessage(params ProtoField[] Fields)
{
    private static readonly ProtoMessage Raw = new(new ProtoField("rawBytes", "raw_bytes", ProtoType.Bytes));

    private const string VerifierOneOf = "dev.sigstore.rekor.v2.Verifier.verifier",
        SpecOneOf = "dev.sigstore.rekor.v2.CreateEntryRequest.spec";

    private static readonly ProtoMessage Verifier = new(
        new ProtoField("publicKey", "public_key", ProtoType.Message, Raw, VerifierOneOf),
        new ProtoField("x509Certificate", "x509_certificate", ProtoType.Message, Raw, VerifierOneOf),
        new ProtoField("keyDetails", "key_details", ProtoType.Enum));

    private static readonly ProtoMessage Signature = new(
        new ProtoField("content", "content", ProtoType.Bytes),
        new ProtoField("verifier", "verifier", ProtoType.Message, Verifier));

    private static readonly ProtoMessage HashedRekord = new(
        new ProtoField("digest", "digest", ProtoType.Bytes),
        new ProtoField("signature", "signature", ProtoType.Message, Signature));

    private static readonly ProtoMessage Dsse = new(
        new ProtoField("envelope", "envelope", ProtoType.Anything),
        new ProtoField("verifiers", "verifiers", ProtoType.Anything));

    public static readonly ProtoMessage CreateEntry = new(
        new ProtoField("hashedRekordRequestV002", "hashed_rekord_request_v002", ProtoType.Message, HashedRekord, SpecOneOf),
        new ProtoField("dsseRequestV002", "dsse_request_v002", ProtoType.Message, Dsse, SpecOneOf));
}
