using Ledger.Api.Operations;
using Ledger.Api.Tenancy;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Attributes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>The table names what there is, and says of it what the endpoints say themselves.</summary>
public class AccessTableTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    // Not in the document that it is.
    private const string Document = "/openapi/{documentName}.json";

    [PostgresFact]
    public async Task It_has_every_operation_of_the_OpenAPI_document_and_no_other()
    {
        using var client = ledger.Anonymous();
        var document = (await client.GetJsonAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        Assert.Equal(document.Order(StringComparer.Ordinal),
            AccessTable.Operations.Select(o => o.ToString()).Order(StringComparer.Ordinal));
    }

    [PostgresFact]
    public void Every_endpoint_asks_for_the_policy_and_has_the_marks_that_the_table_says()
    {
        var found = ledger.Api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText != Document)
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                .Where(method => method != HttpMethods.Head).Select(method => Line(method, endpoint)));
        var expected = AccessTable.Operations.Select(o => $"{o}: {Policy(o.Who)}; {o.Marks}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    private static string Line(string method, RouteEndpoint endpoint)
    {
        var metadata = endpoint.Metadata;
        var policies = metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy).ToHashSet();
        var marks = (metadata.GetMetadata<SensitiveAct>() is not null && policies.Remove(Policies.Sensitive) ? Marks.Sensitive : Marks.None)
            | (metadata.GetMetadata<AllowedWhenSuspended>() is not null ? Marks.WhenSuspended : Marks.None)
            | (metadata.GetMetadata<AcceptanceLimited>() is not null ? Marks.AcceptanceLimited : Marks.None)
            | (metadata.GetMetadata<NeverLimited>() is not null ? Marks.NeverLimited : Marks.None);
        var who = metadata.GetMetadata<IAllowAnonymous>() is not null ? "anonymous" : string.Join(" and ", policies);
        return $"{method} {Path(endpoint)}: {who}; {marks}";
    }

    /// <summary>As the document spells it.</summary>
    private static string Path(RouteEndpoint endpoint) =>
        "/" + endpoint.RoutePattern.RawText!.Trim('/').Replace("{**", "{", StringComparison.Ordinal);

    private static string Policy(Who who) => who switch
    {
        Who.Everybody or Who.LogReaders => "anonymous",
        Who.Writers => Policies.Writer,
        Who.Readers => Policies.Reader,
        Who.ClientAdmins => Policies.ClientAdmin,
        Who.Operators => Policies.Operator,
        Who.PlatformAdmins => Policies.PlatformAdmin,
        _ => throw new ArgumentOutOfRangeException(nameof(who)),
    };
}
