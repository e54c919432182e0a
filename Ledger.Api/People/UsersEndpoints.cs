using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.People;

/// <summary>A tenant's people: docs/people.md.</summary>
internal static class UsersEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var users = app.MapGroup("/api/v1/users").RequireAuthorization(Policies.ClientAdmin).WithTags("People").WithStrictQuery();
        users.MapRead("", ListAsync).WithName("list-users").WithSummary("The tenant's people, newest first, invited ones too.");
        users.MapPost("/sync", SyncAsync).WithName("sync-users")
            .WithSummary("Have the workers adopt users of the tenant whom an operator made in Keycloak: docs/people.md.");
        users.MapRead("/{id}", FindAsync).WithName("get-user").WithSummary("One person.");
        users.MapPut("/{id}/role", ChangeRoleAsync).WithSensitive().WithName("put-user-role").Accepts<RoleRequest>("application/json")
            .WithSummary("Give the one role; sessions with the old one end.");
        users.MapPost("/{id}/disable", DisableAsync).WithAllowedWhenSuspended().WithName("disable-user")
            .WithSummary("Let the person in no more: refused here at once, signed out in Keycloak.");
        users.MapPost("/{id}/enable", EnableAsync).WithSensitive().WithName("enable-user").WithSummary("Let a disabled person in again.");
    }

    private static async Task<Ok<PersonList>> ListAsync(CurrentTenant tenant, [FromQuery] string? cursor, [FromQuery] string? limit,
        PeopleStore people, ListCursor cursors, CancellationToken cancel)
    {
        var most = QueryValue.Limit(limit);
        var list = $"users {tenant.Id}";
        (DateTimeOffset, Guid)? after = cursor is null ? null : PeopleRequests.Place(await cursors.ReadAsync(list, cursor, cancel));
        var found = await people.ListAsync(tenant.Id, after, most + 1, cancel);
        var page = found.Take(most).ToList();
        var next = found.Count > most ? await cursors.WriteAsync(list, PeopleRequests.Place(page[^1].CreatedAt, page[^1].Id), cancel)
            : null;
        return TypedResults.Ok(new PersonList([.. page.Select(PersonBody.Of)], next));
    }

    private static async Task<Accepted> SyncAsync(CurrentTenant tenant, PeopleSync sync, CancellationToken cancel)
    {
        await sync.AskAsync(tenant.Id, tenant.By, cancel);
        return TypedResults.Accepted("/api/v1/users");
    }

    private static async Task<Ok<PersonBody>> FindAsync(string id, CurrentTenant tenant, PeopleStore people, CancellationToken cancel) =>
        Answer(await people.FindAsync(tenant.Id, PeopleRequests.Id(id), cancel));

    private static async Task<Ok<PersonBody>> ChangeRoleAsync(string id, CurrentTenant tenant, HttpRequest request,
        PeopleStore people, CancellationToken cancel)
    {
        var role = await PeopleRequests.ReadRoleAsync(request, cancel);
        return Answer(await people.ChangeRoleAsync(tenant.Id, PeopleRequests.Id(id), role, tenant.By, cancel));
    }

    private static async Task<Ok<PersonBody>> DisableAsync(string id, CurrentTenant tenant, PeopleStore people,
        TenantStandings standings, CancellationToken cancel)
    {
        var person = await people.DisableAsync(tenant.Id, PeopleRequests.Id(id), tenant.By, cancel);
        standings.Forget(tenant.Id); // the other processes hear of it within two seconds
        return Answer(person);
    }

    private static async Task<Ok<PersonBody>> EnableAsync(string id, CurrentTenant tenant, PeopleStore people,
        TenantStandings standings, CancellationToken cancel)
    {
        var person = await people.EnableAsync(tenant.Id, PeopleRequests.Id(id), tenant.By, cancel);
        standings.Forget(tenant.Id);
        return Answer(person);
    }

    private static Ok<PersonBody> Answer(Person? person) =>
        TypedResults.Ok(PersonBody.Of(person ?? throw new LedgerProblemException(ProblemAnswer.NotFound)));
}
