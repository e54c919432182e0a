using System.Globalization;
using System.Security.Claims;
using Ledger.Api.Problems;
using Ledger.Api.Tenancy;
using Ledger.Core.Checkpoints;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Checkpoints;

/// <summary>Who may read <c>/log/{tenant}/…</c>: everybody where the log is public, else the tenant's own readers; the audit trail's log is
/// the platform administrators'. Everybody else gets the answer of a tenant that is not there.</summary>
internal sealed class LogAccess(LogReader logs, StandingGate gate)
{
    /// <param name="epoch">As it stands in the path; null for the form without one, which is epoch 1's and its only name.</param>
    /// <exception cref="LedgerProblemException">not-found; identity-unavailable where the caller may be one who may, which cannot be told
    /// now.</exception>
    public async Task<LogView> OpenAsync(HttpContext context, string tenant, string? epoch)
    {
        if (!TenantId.TryParse(tenant, out var id) || EpochOf(epoch) is not { } number) throw Nothing();
        var log = await logs.FindAsync(id, number, context.RequestAborted);
        if (log is null || !(log.IsPublic || IsAuditor(context.User, id) || await IsOwnReaderAsync(context, id)))
            throw TokenAuthentication.WasUnavailable(context) ? new(AuthorizationProblems.Unavailable) : Nothing();
        context.Response.Headers.Vary = "Authorization";
        return log;
    }

    /// <summary>Shared caches may keep what everybody may see.</summary>
    public static string Scope(LogView log) => log.IsPublic ? "public" : "private";

    public static LedgerProblemException Nothing() => new(ProblemAnswer.NotFound);

    private static bool IsAuditor(ClaimsPrincipal user, TenantId tenant) =>
        tenant == TenantId.PlatformAudit && user.HasClaim(LedgerClaims.Role, Roles.PlatformAdmin);

    private async ValueTask<bool> IsOwnReaderAsync(HttpContext context, TenantId tenant) =>
        context.User.Identity?.IsAuthenticated == true && TenantPermission.Reader.IsMetBy(context.User)
            && CurrentTenant.Of(context.User)?.Id == tenant
            && !StandingGate.IsDisabled(context.User, await gate.StandingAsync(context.User, context.RequestAborted));

    private static int? EpochOf(string? text)
    {
        if (text is null) return 1;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch) && epoch >= 2
            && epoch.ToString(CultureInfo.InvariantCulture) == text ? epoch : null;
    }
}
