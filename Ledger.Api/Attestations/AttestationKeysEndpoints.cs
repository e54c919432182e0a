using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Attestations;
using Ledger.Core.Problems;
using Ledger.Verify.Entries;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.Attestations;

/// <summary>The third-party keys that a tenant accepts attestations by.</summary>
internal static class AttestationKeysEndpoints
{
    private static readonly string[] Members = ["name", "public_key"];

    public static void MapAttestationKeys(this IEndpointRouteBuilder app)
    {
        var read = app.MapGroup("/api/v1/attestation-keys").RequireAuthorization(Policies.Reader).WithTags("Attestations")
            .WithStrictQuery();
        read.MapRead("", ListAsync).WithName("list-attestation-keys").WithSummary("The registered keys, oldest first, revoked ones too.");
        read.MapRead("/{id}", FindAsync).WithName("get-attestation-key").WithSummary("One registered key.");

        var write = app.MapGroup("/api/v1/attestation-keys").RequireAuthorization(Policies.ClientAdmin).WithTags("Attestations")
            .WithStrictQuery();
        write.MapPost("", AddAsync).WithName("register-attestation-key").WithSummary("Accept attestations by a key from now on.")
            .Accepts<AttestationKeyRequest>("application/json").Produces<AttestationKeyBody>(StatusCodes.Status201Created)
            .Produces<AttestationKeyBody>();
        write.MapDelete("/{id}", RevokeAsync).WithAllowedWhenSuspended().WithName("revoke-attestation-key")
            .WithSummary("Accept no more attestations by a key, for good. What it signed before stays.");
    }

    private static async Task<Ok<AttestationKeyList>> ListAsync(CurrentTenant tenant, [FromQuery] string? cursor, [FromQuery] string? limit,
        AttestationKeyStore keys, ListCursor cursors, CancellationToken cancel)
    {
        var most = QueryValue.Limit(limit);
        var list = $"attestation-keys {tenant.Id}";
        (DateTimeOffset, string)? after = cursor is null ? null : Place(await cursors.ReadAsync(list, cursor, cancel));
        var found = await keys.ListAsync(tenant.Id, after, most + 1, cancel);
        var page = found.Take(most).ToList();
        var next = found.Count > most
            ? await cursors.WriteAsync(list, $"{LedgerTime.Format(page[^1].RegisteredAt)} {page[^1].KeyId}", cancel) : null;
        return TypedResults.Ok(new AttestationKeyList([.. page.Select(AttestationKeyBody.Of)], next));
    }

    private static async Task<Ok<AttestationKeyBody>> FindAsync(string id, CurrentTenant tenant, AttestationKeyStore keys,
        CancellationToken cancel) =>
        TypedResults.Ok(AttestationKeyBody.Of(await keys.FindAsync(tenant.Id, id, cancel)
            ?? throw new LedgerProblemException(ProblemAnswer.NotFound)));

    private static async Task<IResult> AddAsync(CurrentTenant tenant, HttpRequest request, AttestationKeyStore keys, TimeProvider time,
        CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, AttestationLimits.KeyBodyBytes, Members, cancel);
        var (name, pem) = (body.Text("name"), body.Text("public_key"));
        if (!SubjectName.IsValid(name))
            throw new LedgerProblemException(ProblemTypes.InvalidField,
                $"'name' must have 1 to {AttestationLimits.KeyNameCharacters} characters.", "name");
        var (key, isNew) = await keys.AddAsync(tenant.Id, AttestationKey.Read(name, pem, time.GetUtcNow()), tenant.Principal, cancel);
        var answer = AttestationKeyBody.Of(key);
        return isNew ? TypedResults.Created($"/api/v1/attestation-keys/{key.KeyId}", answer) : TypedResults.Ok(answer);
    }

    private static async Task<NoContent> RevokeAsync(string id, CurrentTenant tenant, AttestationKeyStore keys, CancellationToken cancel) =>
        await keys.RevokeAsync(tenant.Id, id, tenant.Principal, cancel) ? TypedResults.NoContent()
            : throw new LedgerProblemException(ProblemAnswer.NotFound);

    private static (DateTimeOffset, string) Place(string text) =>
        text.Split(' ') is [var at, var id] && LedgerTime.TryParse(at, out var time) ? (time, id)
        : throw new FormatException("A cursor of attestation keys has two parts.");
}
