using System.Reflection;

namespace Ledger.Core.Problems;

/// <summary>Every slug this ledger answers with, in one table. docs/problems.md shows the same table; a test compares the two.</summary>
public static class ProblemTypes
{
    // The request
    public static readonly ProblemType MalformedJson = new("malformed-json", 400, "The body is not one JSON value, or not valid UTF-8.");
    public static readonly ProblemType UnknownField = new("unknown-field", 400, "The body has a member that this request does not know.");
    public static readonly ProblemType DuplicateField = new("duplicate-field", 400, "A member is given twice.");
    public static readonly ProblemType MissingField = new("missing-field", 400, "A required member is missing or null.");
    public static readonly ProblemType InvalidField =
        new("invalid-field", 400, "A member has the wrong type or a value outside its limits.");
    public static readonly ProblemType InvalidText = new("invalid-text", 400, "A string holds U+0000 or a lone surrogate.");
    public static readonly ProblemType InvalidBase64 = new("invalid-base64", 400, "The payload is not standard padded base64.");
    public static readonly ProblemType InvalidMeta = new("invalid-meta", 400, "The metadata is not a JSON object within the limits.");
    public static readonly ProblemType InvalidParameter =
        new("invalid-parameter", 400, "A query parameter is unknown or has a malformed value.");
    public static readonly ProblemType InvalidCursor = new("invalid-cursor", 400, "The cursor was not made by this ledger for this list.");
    public static readonly ProblemType InvalidIdempotencyKey =
        new("invalid-idempotency-key", 400, "Idempotency-Key is not 1 to 255 visible ASCII characters.");
    public static readonly ProblemType InvalidEnvelope =
        new("invalid-envelope", 400, "The body is not a DSSE envelope with exactly one signature.");
    public static readonly ProblemType InvalidStatement =
        new("invalid-statement", 422, "The envelope does not hold an in-toto Statement that this ledger takes.");
    public static readonly ProblemType InvalidAttestationKey =
        new("invalid-attestation-key", 400, "The key is not one Ed25519 or ECDSA P-256 public key in PEM.");
    public static readonly ProblemType InvalidQuery =
        new("invalid_query", 400, "None of uuid, bundle and artifact_sha256 is given.");
    public static readonly ProblemType PayloadTooLarge =
        new("payload-too-large", 413, "The payload, or the request as a whole, is over the limit.");
    public static readonly ProblemType TooManyItems = new("too-many-items", 400, "A batch holds more items than the limit.");
    public static readonly ProblemType TooManyProofs =
        new("too-many-proofs", 400, "More anchors fit than fresh proofs are fetched for in one request.");
    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "The body must be application/json.");
    public static readonly ProblemType NotAcceptable = new("not-acceptable", 406, "None of the accepted media types is offered here.");
    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "The resource does not take this method.");

    // The caller
    public static readonly ProblemType Unauthenticated = new("unauthenticated", 401, "No bearer token, or one that is not valid here.");
    public static readonly ProblemType FreshSignInRequired = new("fresh-sign-in-required", 401,
        "The operation is sensitive, and the token does not tell of a sign-in that is recent enough.");
    public static readonly ProblemType Forbidden = new("forbidden", 403, "The token's roles do not allow this.");
    public static readonly ProblemType TenantRequired =
        new("tenant-required", 403, "The token does not name exactly one tenant of this ledger.");
    public static readonly ProblemType TenantSuspended =
        new("tenant-suspended", 403, "The tenant is suspended: it reads but does not write.");
    public static readonly ProblemType AddressNotAllowed =
        new("address-not-allowed", 403, "The ledger is not operated from the caller's address.");
    public static readonly ProblemType RateLimited =
        new("rate-limited", 429, "Too many requests of the caller, of its address or of its tenant, or too many invitations.", 1);
    public static readonly ProblemType TenantExists =
        new("tenant-exists", 409, "There is a tenant of this name, and it was not asked for by this request.");
    public static readonly ProblemType TenantNotOpen = new("tenant-not-open", 409, "The tenant is not open yet.");
    public static readonly ProblemType NothingToExport =
        new("nothing-to-export", 409, "The log has no checkpoint yet: nothing of it could be verified.");
    public static readonly ProblemType NotFound = new("not-found", 404, "There is nothing here, or nothing that the caller may see.");

    // Attestations
    public static readonly ProblemType AttestationKeyUnknown = new("attestation-key-unknown", 422,
        "The envelope's keyid names no registered, unrevoked key of the tenant.");
    public static readonly ProblemType AttestationSignatureInvalid = new("attestation-signature-invalid", 422,
        "The envelope's signature is by no registered, unrevoked key of the tenant.");
    public static readonly ProblemType AttestationKeyExists =
        new("attestation-key-exists", 409, "The key is registered under another name, or was revoked.");
    public static readonly ProblemType TooManyAttestationKeys =
        new("too-many-attestation-keys", 409, "The tenant has as many unrevoked attestation keys as it may.");

    // People
    public static readonly ProblemType PersonExists = new("person-exists", 409, "The tenant has a person of this address.");
    public static readonly ProblemType PersonNotJoined =
        new("person-not-joined", 409, "The person has not accepted an invitation yet; that is what lets them in.");
    public static readonly ProblemType OwnAccount =
        new("own-account", 409, "Nobody changes their own role or disables themselves.");
    public static readonly ProblemType IdentityProviderNotAllowed = new("identity-provider-not-allowed", 403,
        "The tenant's people are not linked to this identity provider; an operator says to which.");
    public static readonly ProblemType TooManyPeople = new("too-many-people", 409, "The tenant has as many people as it may.");
    public static readonly ProblemType InvitationOpen = new("invitation-open", 409, "An invitation is open for this address.");
    public static readonly ProblemType InvitationClosed =
        new("invitation-closed", 409, "The invitation was accepted or revoked, or it expired.");
    public static readonly ProblemType InvitationInvalid =
        new("invitation-invalid", 404, "The code is of no invitation that can be accepted.");
    public static readonly ProblemType ResendLimited =
        new("resend-limited", 429, "The address was mailed five times within the hour.", 3600);

    // API keys
    public static readonly ProblemType TooManyApiKeys =
        new("too-many-api-keys", 409, "The tenant has as many API keys in use as it may.");
    public static readonly ProblemType ApiKeyEnded = new("api-key-ended", 409, "The API key was revoked or has expired.");
    public static readonly ProblemType ApiKeyRotated = new("api-key-rotated", 409, "The API key was rotated already.");
    public static readonly ProblemType ApiKeyInOverlap =
        new("api-key-in-overlap", 409, "The key that the API key replaced has not ended yet.");

    // The state of the log
    public static readonly ProblemType NotYetCovered = new("not-yet-covered", 409, "No checkpoint covers the entry yet.", 1);
    public static readonly ProblemType IdempotencyKeyReused = new("idempotency-key-reused", 409, "The key was used with another body.");
    public static readonly ProblemType IdempotencyKeyErased =
        new("idempotency-key-erased", 409, "The key's entry had its metadata erased; the answer cannot be compared any more.");
    public static readonly ProblemType DeadLetterNotEligible =
        new("dead-letter-not-eligible", 409, "What the job is about no longer wants it.");
    public static readonly ProblemType FactChainMismatch =
        new("fact_chain_mismatch", 409, "The stored chain does not verify; mismatch_reason and chain_seq say where.");
    public static readonly ProblemType LogRolledBack =
        new("log-rolled-back", 503, "The database holds less than was already shown. Nothing is signed until a person decides.");
    public static readonly ProblemType LogHalted =
        new("log-halted", 503, "The stored log contradicts itself. Nothing is signed until a person decides.");

    // The systems behind
    public static readonly ProblemType SignerUnavailable =
        new("signer-unavailable", 503, "The signer cannot be reached or refuses to sign.", 5);
    public static readonly ProblemType SignerKeyChanged =
        new("signer-key-changed", 503, "A known key version shows other public bytes. Nothing is signed.");
    public static readonly ProblemType SignerKeyRetired =
        new("signer-key-retired", 503, "The signer still signs with a retired key. Rotate it.");
    public static readonly ProblemType SignerInvalid =
        new("signer-invalid", 502, "The signer's signature does not verify under its public key.");
    public static readonly ProblemType IdentityUnavailable =
        new("identity-unavailable", 503, "The token's issuer cannot be asked for its keys, and those known do not do.", 5);
    public static readonly ProblemType DatabaseUnavailable = new("database-unavailable", 503, "The database cannot be reached.", 5);
    public static readonly ProblemType StorageUnavailable =
        new("storage-unavailable", 503, "The store of high-water marks or objects cannot be reached.", 5);
    public static readonly ProblemType WitnessUnavailable = new("witness-unavailable", 503,
        "The tenant's policy is fail-closed, and its oldest entry that no transparency log covers is too old.", 5);
    public static readonly ProblemType TransparencyLogUnavailable =
        new("transparency-log-unavailable", 503, "A transparency log was to be asked for a proof and does not give one now.", 5);
    public static readonly ProblemType RefreshLimited =
        new("refresh-limited", 429, "The tenant asked for more fresh proofs than it may in a minute.", 60);
    public static readonly ProblemType Overloaded = new("overloaded", 503, "Too many appends of this tenant are waiting.", 1);
    public static readonly ProblemType Internal = new("internal", 500, "A fault of the ledger itself; the request id finds it in the log.");

    public static IReadOnlyList<ProblemType> All { get; } =
        [.. typeof(ProblemTypes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => f.GetValue(null)).OfType<ProblemType>()];
}
