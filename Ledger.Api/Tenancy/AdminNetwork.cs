using System.Net;
using Ledger.Api.Problems;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tenancy;

/// <summary>Lets nobody near a path under <c>/admin</c> but from the networks that the ledger is operated from. It stands before
/// authentication: from elsewhere a good token, a bad one and none get the same answer, whether the path exists or not, and count alike
/// against the address.</summary>
internal sealed class AdminNetwork(
    RequestDelegate next, ClientAddresses addresses, RateLimits limits, TokenGate tokens, IOptions<SecurityOptions> options)
{
    private static readonly LedgerProblem Refused =
        new(ProblemTypes.AddressNotAllowed, "The ledger is not operated from this address.");

    private readonly IReadOnlyList<IPNetwork> allowed = options.Value.AdminNetworks;

    public async Task InvokeAsync(HttpContext context)
    {
        var address = addresses.Of(context);
        if (!context.Request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase) || IsAllowed(address.Client))
            await next(context);
        else if (limits.TakeForAddress(address.Counted) is { } pause) await RateLimiting.RefuseAsync(context, pause);
        else
        {
            // A token that is not checked now is nobody's: the answer is the same.
            if (context.Request.Headers.Authorization.Count > 0 && tokens.Pause(context) is null) await IdentifyAsync(context);
            await ProblemAnswer.WriteAsync(context, Refused);
        }
    }

    /// <summary>Whose good token comes from there is told to the audit trail, where refusals are written; no answer depends on
    /// it.</summary>
    private async Task IdentifyAsync(HttpContext context)
    {
        try
        {
            if ((await context.AuthenticateAsync()).Principal is { } who) context.User = who;
            tokens.Note(context);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The database is away and cannot say whose key it is: it could not be told either.
        }
    }

    private bool IsAllowed(IPAddress? client) => client is not null && allowed.Any(network => network.Contains(client));
}
