using System.Security.Claims;
using System.Threading.Channels;
using Ledger.Api.Tenancy;
using Ledger.Core.Tenancy;
using Microsoft.AspNetCore.Diagnostics;

namespace Ledger.Api.Operations;

/// <summary>Tells the audit trail whom this API turned away. Only who is known is named: callers without an identity leave no trace here,
/// so that nobody can flood the trail from outside. The same refusal is told once a minute, with how many there were since it was told last.
/// </summary>
internal sealed class RefusedAccess(TimeProvider time)
{
    public const string Action = "access.refused";

    /// <summary>Between two events of one principal, operation and reason.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Kinds of refusal that are remembered at a time. Beyond, new ones are not told until old ones are a period past.</summary>
    public const int MostKinds = 4096;

    private const int MostWaiting = 1024;

    private static readonly TimeSpan BetweenClearings = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Kind, Told> told = [];
    private DateTimeOffset cleared;
    private readonly Channel<Refusal> waiting = Channel.CreateBounded<Refusal>(MostWaiting);

    /// <summary>What is to be written, in the order of the refusals.</summary>
    public ChannelReader<Refusal> Waiting => waiting.Reader;

    /// <summary>A refusal of the request's own caller; nothing where it has no identity.</summary>
    /// <param name="reason">The problem's slug.</param>
    public void Note(HttpContext context, string reason)
    {
        if (context.User.FindFirstValue(LedgerClaims.Principal) is { Length: > 0 } principal)
            Note(context, CurrentTenant.Of(context.User)?.Id ?? TenantId.PlatformAudit, principal, reason);
    }

    /// <summary>Never waits, and takes no more memory however many are refused.</summary>
    /// <param name="tenant">The caller's.</param>
    public void Note(HttpContext context, TenantId tenant, string principal, string reason)
    {
        var kind = new Kind(tenant, principal, Operation(context), reason);
        var now = time.GetUtcNow();
        lock (told)
        {
            if (!told.TryGetValue(kind, out var last))
            {
                if (told.Count >= MostKinds) Forget(now);
                if (told.Count >= MostKinds) return;
            }
            // One that finds no room to wait is counted like one that came too soon.
            var suppressed = last?.Suppressed ?? 0;
            if (last?.Until > now || !waiting.Writer.TryWrite(new Refusal(kind, suppressed)))
                told[kind] = new Told(last?.Until ?? now, suppressed + 1);
            else told[kind] = new Told(now + Period, 0);
        }
    }

    // Under a flood of new kinds not at each of them: it looks at all.
    private void Forget(DateTimeOffset now)
    {
        if (now - cleared < BetweenClearings) return;
        cleared = now;
        foreach (var (kind, last) in told)
        {
            if (last.Until <= now) told.Remove(kind);
        }
    }

    // The pattern, not the path: what is in a path may be long, secret or different every time.
    private static string Operation(HttpContext context)
    {
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        return $"{context.Request.Method} {(endpoint as RouteEndpoint)?.RoutePattern.RawText?.TrimEnd('/') ?? "(no resource)"}";
    }

    /// <summary>Refusals that are told as one.</summary>
    /// <param name="Operation">Such as <c>POST /append</c>.</param>
    /// <param name="Reason">A problem's slug, or what ended a key.</param>
    internal sealed record Kind(TenantId Tenant, string Principal, string Operation, string Reason);

    /// <param name="Suppressed">Refusals of this kind that were not told since the last that was.</param>
    internal sealed record Refusal(Kind Kind, long Suppressed);

    private sealed record Told(DateTimeOffset Until, long Suppressed);
}
