using System.Security.Claims;

namespace Ledger.Api.Tenancy;

/// <summary>Before a token is checked: one that was not accepted lately takes from what its address may have checked. So guesses over the
/// limit cost neither a look-up nor a signature check, and who was let in before is not locked out by a neighbour's guesses.</summary>
internal sealed class TokenGate(RateLimits limits, ClientAddresses addresses, AcceptedTokens accepted)
{
    private static readonly object Place = new();

    /// <returns>How long to wait; null where the request's token may be checked, or there is none.</returns>
    public TimeSpan? Pause(HttpContext context)
    {
        if (context.Request.Headers.Authorization is not { Count: > 0 } sent) return null;
        var name = accepted.NameOf(sent.ToString());
        context.Items[Place] = name;
        return accepted.Contains(name) ? null : limits.TakeForNewToken(addresses.Of(context).Counted);
    }

    /// <summary>After the check, whichever way it went.</summary>
    public void Note(HttpContext context)
    {
        if (context.Items[Place] is not UInt128 name) return;
        if (context.User.HasClaim(claim => claim.Type == LedgerClaims.Principal)) accepted.Add(name);
        else if (!TokenAuthentication.WasUnavailable(context)) accepted.Remove(name);
    }
}
