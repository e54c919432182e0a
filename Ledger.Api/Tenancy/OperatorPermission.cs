using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>One of these platform roles. No tenant is needed, and none is looked at.</summary>
internal sealed class OperatorPermission(params IReadOnlyList<string> roles) : IAuthorizationRequirement
{
    public IReadOnlyList<string> AnyOf { get; } = roles;
}

internal sealed class OperatorPermissionHandler : AuthorizationHandler<OperatorPermission>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OperatorPermission requirement)
    {
        if (requirement.AnyOf.Any(role => context.User.HasClaim(LedgerClaims.Role, role))) context.Succeed(requirement);
        else if (context.User.Identity?.IsAuthenticated == true) context.Fail(new Refusal(this, Refusal.Forbidden));
        return Task.CompletedTask;
    }
}
