using Ledger.Api.Entries;
using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.ApiKeys;
using Ledger.Core.Problems;
using Ledger.Verify.Entries;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.ApiKeys;

/// <summary>The tenant's keys for programs. People administer them: no key makes, rotates or revokes one.</summary>
internal static class ApiKeysEndpoints
{
    private static readonly string[] KeyMembers = ["name", "scopes", "expires_at"];
    private static readonly string[] RotationMembers = ["overlap_seconds"];

    public static void MapApiKeys(this IEndpointRouteBuilder app)
    {
        var keys = app.MapGroup("/api/v1/api-keys").RequireAuthorization(Policies.ClientAdmin).WithTags("API keys").WithStrictQuery();
        keys.MapRead("", ListAsync).WithName("list-api-keys").WithSummary("The tenant's keys, oldest first, ended ones too.");
        keys.MapRead("/{id}", FindAsync).WithName("get-api-key").WithSummary("One key.");
        keys.MapPost("", AddAsync).WithSensitive().WithName("add-api-key").WithSummary("Make a key; the answer alone shows it.")
            .Accepts<ApiKeyRequest>("application/json").Produces<NewApiKeyBody>(StatusCodes.Status201Created);
        keys.MapPost("/{id}/rotate", RotateAsync).WithSensitive().WithName("rotate-api-key")
            .WithSummary("Make a new key of the same name and scopes; the old one ends after an overlap.")
            .Accepts<ApiKeyRotationRequest>("application/json").Produces<NewApiKeyBody>(StatusCodes.Status201Created);
        keys.MapDelete("/{id}", RevokeAsync).WithSensitive().WithAllowedWhenSuspended().WithName("revoke-api-key")
            .WithSummary("Refuse a key from now on, for good.");
    }

    private static async Task<Ok<ApiKeyList>> ListAsync(CurrentTenant tenant, [FromQuery] string? cursor, [FromQuery] string? limit,
        ApiKeyReader keys, ListCursor cursors, TimeProvider time, CancellationToken cancel)
    {
        var most = QueryValue.Limit(limit);
        var list = $"api-keys {tenant.Id}";
        Guid? after = cursor is null ? null : Guid.ParseExact(await cursors.ReadAsync(list, cursor, cancel), "D");
        var found = await keys.ListAsync(tenant.Id, after, most + 1, cancel);
        var page = found.Take(most).ToList();
        var next = found.Count > most ? await cursors.WriteAsync(list, page[^1].Id.ToString(), cancel) : null;
        var now = time.GetUtcNow();
        return TypedResults.Ok(new ApiKeyList([.. page.Select(key => ApiKeyBody.Of(key, now))], next));
    }

    private static async Task<Ok<ApiKeyBody>> FindAsync(string id, CurrentTenant tenant, ApiKeyReader keys, TimeProvider time,
        CancellationToken cancel) =>
        TypedResults.Ok(ApiKeyBody.Of(await keys.FindAsync(tenant.Id, EntryId.Parse(id), cancel) ?? throw Nothing(), time.GetUtcNow()));

    private static async Task<Created<NewApiKeyBody>> AddAsync(CurrentTenant tenant, HttpRequest request, ApiKeyStore keys,
        TimeProvider time, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, ApiKeyLimits.BodyBytes, KeyMembers, cancel);
        var (name, scopes, end) = (body.Text("name"), body.Words("scopes", Scopes.All), body.OptionalTime("expires_at"));
        if (!SubjectName.IsValid(name))
            throw new LedgerProblemException(ProblemTypes.InvalidField,
                $"'name' must have 1 to {ApiKeyLimits.NameCharacters} characters.", "name");
        if (end - time.GetUtcNow() is { } life && (life <= TimeSpan.Zero || life > ApiKeyLimits.LongestLife))
            throw new LedgerProblemException(ProblemTypes.InvalidField,
                $"'expires_at' must be in the future, at most {ApiKeyLimits.LongestLife.TotalDays} days from now.", "expires_at");
        return Shown(request, await keys.AddAsync(tenant.Id, name, scopes, end, tenant.By, cancel), time);
    }

    private static async Task<Created<NewApiKeyBody>> RotateAsync(string id, CurrentTenant tenant, HttpRequest request, ApiKeyStore keys,
        TimeProvider time, CancellationToken cancel)
    {
        var body = await JsonBody.ReadAsync(request, ApiKeyLimits.BodyBytes, RotationMembers, cancel);
        var overlap = body.OptionalNumber("overlap_seconds", 0, (int)ApiKeyLimits.LongestOverlap.TotalSeconds) is { } seconds
            ? TimeSpan.FromSeconds(seconds) : ApiKeyLimits.DefaultOverlap;
        var made = await keys.RotateAsync(tenant.Id, EntryId.Parse(id), overlap, tenant.By, cancel) ?? throw Nothing();
        return Shown(request, made, time);
    }

    private static async Task<NoContent> RevokeAsync(string id, CurrentTenant tenant, ApiKeyStore keys, CancellationToken cancel) =>
        await keys.RevokeAsync(tenant.Id, EntryId.Parse(id), tenant.By, cancel) ? TypedResults.NoContent() : throw Nothing();

    private static Created<NewApiKeyBody> Shown(HttpRequest request, NewApiKey made, TimeProvider time)
    {
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/api/v1/api-keys/{made.Key.Id}",
            new NewApiKeyBody(made.Whole, ApiKeyBody.Of(made.Key, time.GetUtcNow())));
    }

    private static LedgerProblemException Nothing() => new(ProblemAnswer.NotFound);
}
