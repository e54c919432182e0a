using System.Globalization;
using System.Security.Claims;
using Ledger.Core.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tenancy;

/// <summary>A person who signed in a short while ago (<c>auth_time</c> within <c>Security:SensitiveActionMaxAge</c>), or a service account
/// on the list. Without that setting anybody.</summary>
internal sealed class FreshSignIn : IAuthorizationRequirement;

/// <summary>Decides <see cref="FreshSignIn"/>.</summary>
internal sealed class FreshSignInHandler(IOptions<SecurityOptions> security, TimeProvider time) : AuthorizationHandler<FreshSignIn>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, FreshSignIn requirement)
    {
        if (context.User.Identity?.IsAuthenticated != true) return Task.CompletedTask;
        if (security.Value.SensitiveActionMaxAge is not { } age || IsFresh(context.User, age) || IsExempt(context.User))
            context.Succeed(requirement);
        else context.Fail(new Refusal(this, new LedgerProblem(ProblemTypes.FreshSignInRequired,
            string.Create(CultureInfo.InvariantCulture, $"This needs a sign-in within the last {Seconds(security.Value)} seconds."))));
        return Task.CompletedTask;
    }

    /// <summary>The greatest age of a sign-in, in whole seconds.</summary>
    public static long Seconds(SecurityOptions security) => (long)(security.SensitiveActionMaxAge ?? TimeSpan.Zero).TotalSeconds;

    /// <summary>OpenID Connect Core 1.0 §2: seconds since 1970, as a JSON number. One from the future is a fault of somebody's clock, or a
    /// lie.</summary>
    private bool IsFresh(ClaimsPrincipal user, TimeSpan age)
    {
        if (user.FindAll("auth_time").Take(2).ToList() is not [{ ValueType: not ClaimValueTypes.String } claim]) return false;
        if (!long.TryParse(claim.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        var since = time.GetUtcNow().ToUnixTimeSeconds() - seconds;
        return since >= -TokenChecks.ClockSkew.TotalSeconds && since <= age.TotalSeconds;
    }

    private bool IsExempt(ClaimsPrincipal user) =>
        ServiceAccount.Is(user, out var client) && security.Value.SensitiveExemptClients.Contains(client);
}
