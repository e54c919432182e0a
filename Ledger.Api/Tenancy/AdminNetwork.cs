using System.Net;
using Ledger.Api.Problems;
using Ledger.Core.Problems;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tenancy;

/// <summary>Lets nobody near a path under <c>/admin</c> but from the networks that the ledger is operated from. It stands before
/// authentication: from elsewhere a good token, a bad one and none get the same answer, whether the path exists or not.</summary>
internal sealed class AdminNetwork(RequestDelegate next, ClientAddresses addresses, IOptions<SecurityOptions> options)
{
    private static readonly LedgerProblem Refused =
        new(ProblemTypes.AddressNotAllowed, "The ledger is not operated from this address.");

    private readonly IReadOnlyList<IPNetwork> allowed = options.Value.AdminNetworks;

    public Task InvokeAsync(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase) || IsAllowed(addresses.Of(context).Client)
            ? next(context)
            : ProblemAnswer.WriteAsync(context, Refused);

    private bool IsAllowed(IPAddress? client) => client is not null && allowed.Any(network => network.Contains(client));
}
