using System.Security.Claims;
using Ledger.Api.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>Decides <see cref="TenantPermission"/>: the person may still sign in, the permission is theirs, the tenant is there, and it is
/// not suspended where the operation writes.</summary>
internal sealed class StandingGate(TenantStandings standings) : AuthorizationHandler<TenantPermission>
{
    /// <summary>The tenant of the request's token and how it stands; null where the token names none of this ledger.</summary>
    public async ValueTask<TenantStanding?> StandingAsync(ClaimsPrincipal user, CancellationToken cancel) =>
        CurrentTenant.Of(user) is { } tenant ? await standings.FindAsync(tenant.Id, cancel) : null;

    /// <summary>A person of the tenant whom its administrators shut out: the token lives a little longer than the right to it.</summary>
    public static bool IsDisabled(ClaimsPrincipal user, TenantStanding? standing) =>
        user.FindFirstValue("sub") is { } subject && standing?.DisabledSubjects.Contains(subject) == true;

    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, TenantPermission requirement)
    {
        if (context.User.Identity?.IsAuthenticated != true) return;
        var request = context.Resource as HttpContext;
        var standing = await StandingAsync(context.User, request?.RequestAborted ?? CancellationToken.None);
        if (Refused(context.User, requirement, standing, request) is { } problem) context.Fail(new Refusal(this, problem));
        else context.Succeed(requirement);
    }

    private static LedgerProblem? Refused(
        ClaimsPrincipal user, TenantPermission permission, TenantStanding? standing, HttpContext? request) =>
        IsDisabled(user, standing) ? Refusal.InvalidToken
        : !permission.IsMetBy(user) ? Refusal.Forbidden
        : standing is null or { State: TenantState.Opening } ? Refusal.NoTenant
        : standing.State == TenantState.Suspended && Writes(request) ? Refusal.Suspended
        : null;

    /// <summary>Every operation that is no read, unless it is marked: what is forgotten is refused.</summary>
    private static bool Writes(HttpContext? request) =>
        request is null || !(HttpMethods.IsGet(request.Request.Method) || HttpMethods.IsHead(request.Request.Method)
            || request.GetEndpoint()?.Metadata.GetMetadata<AllowedWhenSuspended>() is not null);
}
