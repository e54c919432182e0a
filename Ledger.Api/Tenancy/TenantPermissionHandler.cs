using Microsoft.AspNetCore.Authorization;

namespace Ledger.Api.Tenancy;

/// <summary>Decides <see cref="TenantPermission"/>; a refusal says which half failed.</summary>
internal sealed class TenantPermissionHandler(KnownLogs logs) : AuthorizationHandler<TenantPermission>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, TenantPermission requirement)
    {
        if (context.User.Identity?.IsAuthenticated != true) return;
        if (!requirement.IsMetBy(context.User)) return;
        var cancel = (context.Resource as HttpContext)?.RequestAborted ?? CancellationToken.None;
        if (CurrentTenant.Of(context.User) is { } tenant && await logs.ContainAsync(tenant.Id, cancel)) context.Succeed(requirement);
        else context.Fail(new TenantMissing(this));
    }
}

/// <summary>The roles would do, but the token names no tenant of this ledger.</summary>
internal sealed class TenantMissing(IAuthorizationHandler handler) : AuthorizationFailureReason(handler, "tenant");
