using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Api.Tenants;
using Ledger.Core.People;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Ledger.Api.People;

/// <summary>Inviting people into a tenant, and accepting: docs/people.md.</summary>
internal static class InvitationsEndpoints
{
    private const string Root = "/api/v1/invitations";

    public static void MapInvitations(this IEndpointRouteBuilder app)
    {
        var own = app.MapGroup(Root).RequireAuthorization(Policies.ClientAdmin).WithTags("People").WithStrictQuery();
        own.MapRead("", ListAsync).WithName("list-invitations").WithSummary("The tenant's invitations, newest first.");
        own.MapPost("", InviteAsync).WithSensitive().WithName("invite").Accepts<InvitationRequest>("application/json")
            .WithSummary("Invite a person; the workers make the user and mail a one-time code.")
            .Produces<InvitationBody>(StatusCodes.Status201Created);
        own.MapRead("/{id}", FindAsync).WithName("get-invitation").WithSummary("One invitation.");
        own.MapDelete("/{id}", RevokeAsync).WithAllowedWhenSuspended().WithName("revoke-invitation")
            .WithSummary("From now on its code is refused; its user is removed.");
        own.MapPost("/{id}/resend", ResendAsync).WithName("resend-invitation")
            .WithSummary("Mail a new code, which replaces the one before; at most five times an hour.")
            .Produces<InvitationBody>(StatusCodes.Status202Accepted);

        app.MapGroup(Root).AllowAnonymous().WithTags("People").WithStrictQuery().MapPost("/accept", AcceptAsync).WithAcceptanceLimit()
            .WithName("accept-invitation").Accepts<AcceptRequest>("application/json")
            .WithSummary("Accept by the code of the mail. Then sign in with the address and the code.");

        app.MapGroup("/admin/api/v1/tenants/{tenant}/invitations").RequireAuthorization(Policies.PlatformAdmin).WithTags("People")
            .WithStrictQuery().MapPost("", InviteAdministratorAsync).WithSensitive().WithName("invite-administrator")
            .Accepts<AdministratorRequest>("application/json").WithSummary("Invite a CLIENT_ADMIN of a tenant.")
            .Produces<InvitationBody>(StatusCodes.Status201Created);
    }

    private static async Task<Ok<InvitationList>> ListAsync(CurrentTenant tenant, [FromQuery] string? cursor, [FromQuery] string? limit,
        InvitationStore invitations, ListCursor cursors, TimeProvider time, CancellationToken cancel)
    {
        var most = QueryValue.Limit(limit);
        var list = $"invitations {tenant.Id}";
        (DateTimeOffset, Guid)? after = cursor is null ? null : PeopleRequests.Place(await cursors.ReadAsync(list, cursor, cancel));
        var found = await invitations.ListAsync(tenant.Id, after, most + 1, cancel);
        var page = found.Take(most).ToList();
        var next = found.Count > most ? await cursors.WriteAsync(list, PeopleRequests.Place(page[^1].CreatedAt, page[^1].Id), cancel)
            : null;
        return TypedResults.Ok(new InvitationList([.. page.Select(i => InvitationBody.Of(i, time.GetUtcNow()))], next));
    }

    private static async Task<Created<InvitationBody>> InviteAsync(CurrentTenant tenant, HttpRequest request, InvitationStore invitations,
        TimeProvider time, CancellationToken cancel)
    {
        var person = await PeopleRequests.ReadInvitedAsync(request, cancel);
        var invitation = await invitations.InviteAsync(tenant.Id, person, tenant.By, cancel);
        return TypedResults.Created($"{Root}/{invitation.Id}", InvitationBody.Of(invitation, time.GetUtcNow()));
    }

    private static async Task<Ok<InvitationBody>> FindAsync(string id, CurrentTenant tenant, InvitationStore invitations, TimeProvider time,
        CancellationToken cancel) =>
        TypedResults.Ok(InvitationBody.Of(Found(await invitations.FindAsync(tenant.Id, PeopleRequests.Id(id), cancel)), time.GetUtcNow()));

    private static async Task<NoContent> RevokeAsync(string id, CurrentTenant tenant, InvitationStore invitations, CancellationToken cancel)
    {
        Found(await invitations.RevokeAsync(tenant.Id, PeopleRequests.Id(id), tenant.By, cancel));
        return TypedResults.NoContent();
    }

    private static async Task<Accepted<InvitationBody>> ResendAsync(string id, CurrentTenant tenant, InvitationStore invitations,
        TimeProvider time, CancellationToken cancel)
    {
        var invitation = Found(await invitations.ResendAsync(tenant.Id, PeopleRequests.Id(id), tenant.By, cancel));
        return TypedResults.Accepted($"{Root}/{invitation.Id}", InvitationBody.Of(invitation, time.GetUtcNow()));
    }

    private static async Task<NoContent> AcceptAsync(HttpRequest request, InvitationAcceptance acceptance, CancellationToken cancel)
    {
        await acceptance.AcceptAsync(await PeopleRequests.ReadCodeAsync(request, cancel), cancel);
        return TypedResults.NoContent();
    }

    private static async Task<Created<InvitationBody>> InviteAdministratorAsync(string tenant, HttpRequest request, CurrentOperator who,
        OperatorInvitations invitations, TimeProvider time, CancellationToken cancel)
    {
        var person = await PeopleRequests.ReadAdministratorAsync(request, cancel);
        var invitation = Found(await invitations.InviteAsync(TenantsEndpoints.Tenant(tenant), person, who.Principal, cancel));
        return TypedResults.Created((string?)null, InvitationBody.Of(invitation, time.GetUtcNow()));
    }

    private static Invitation Found(Invitation? invitation) => invitation ?? throw new LedgerProblemException(ProblemAnswer.NotFound);
}
