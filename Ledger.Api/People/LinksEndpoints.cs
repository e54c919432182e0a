using Ledger.Api.Operations;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.People;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ledger.Api.People;

/// <summary>Who a person is at foreign identity providers.</summary>
internal static class LinksEndpoints
{
    public static void MapLinks(this IEndpointRouteBuilder app)
    {
        var links = app.MapGroup("/api/v1/users/{id}/identity-providers").RequireAuthorization(Policies.ClientAdmin).WithTags("People")
            .WithStrictQuery();
        links.MapRead("", ListAsync).WithName("list-identity-providers").WithSummary("The links that the tenant set, by alias.");
        links.MapRead("/{alias}", FindAsync).WithName("get-identity-provider").WithSummary("One link.");
        links.MapPut("/{alias}", PutAsync).WithSensitive().WithName("put-identity-provider").Accepts<LinkRequest>("application/json")
            .WithSummary("Link a foreign identity, or replace the link.");
        links.MapDelete("/{alias}", DeleteAsync).WithSensitive().WithAllowedWhenSuspended().WithName("delete-identity-provider")
            .WithSummary("Remove a link, also one that the person made.");
    }

    private static async Task<Ok<LinkList>> ListAsync(string id, CurrentTenant tenant, PeopleStore people, CancellationToken cancel)
    {
        var person = await FoundAsync(id, tenant, people, cancel);
        return TypedResults.Ok(new LinkList([.. person.Links.Values.OfType<ProviderLink>().OrderBy(l => l.Alias, StringComparer.Ordinal)
            .Select(link => LinkBody.Of(link, person))]));
    }

    private static async Task<Ok<LinkBody>> FindAsync(string id, string alias, CurrentTenant tenant, PeopleStore people,
        CancellationToken cancel) =>
        Answer(await FoundAsync(id, tenant, people, cancel), alias);

    private static async Task<Ok<LinkBody>> PutAsync(string id, string alias, CurrentTenant tenant,
        HttpRequest request, PeopleStore people, CancellationToken cancel)
    {
        var link = await PeopleRequests.ReadLinkAsync(request, alias, cancel);
        var person = await people.LinkAsync(tenant.Id, PeopleRequests.Id(id), link, tenant.By, cancel);
        return Answer(person ?? throw new LedgerProblemException(ProblemAnswer.NotFound), alias);
    }

    private static async Task<NoContent> DeleteAsync(string id, string alias, CurrentTenant tenant,
        PeopleStore people,
        CancellationToken cancel) =>
        await people.UnlinkAsync(tenant.Id, PeopleRequests.Id(id), alias, tenant.By, cancel) is not null
            ? TypedResults.NoContent() : throw new LedgerProblemException(ProblemAnswer.NotFound);

    private static async Task<Person> FoundAsync(string id, CurrentTenant tenant, PeopleStore people, CancellationToken cancel) =>
        await people.FindAsync(tenant.Id, PeopleRequests.Id(id), cancel) ?? throw new LedgerProblemException(ProblemAnswer.NotFound);

    private static Ok<LinkBody> Answer(Person person, string alias) =>
        TypedResults.Ok(LinkBody.Of(person.Links.GetValueOrDefault(alias) ?? throw new LedgerProblemException(ProblemAnswer.NotFound),
            person));
}
