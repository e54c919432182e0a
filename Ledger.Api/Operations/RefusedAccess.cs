using System.Security.Claims;
using System.Threading.Channels;
using Ledger.Api.Tenancy;
using Ledger.Core.Tenancy;

namespace Ledger.Api.Operations;

/// <summary>Tells the audit trail whom this API turned away. Only who is known is named: callers without an identity leave no trace here,
/// so that nobody can flood the trail from outside. The same refusal is told once a minute, with how many there were since it was told
/// last; and a tenant has so many kinds of refusal at a time, beyond which they are only counted. Nothing here is text of a caller's.
/// </summary>
internal sealed class RefusedAccess(TimeProvider time, RefusalMetrics? metrics = null)
{
    public const string Action = "access.refused";

    /// <summary>Between two events of one principal, operation and reason.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Kinds of refusal that are remembered at a time. Beyond, new ones are counted until old ones are a period past.</summary>
    public const int MostKinds = 4096;

    /// <summary>Of them, those of one tenant's callers.</summary>
    public const int MostKindsOfTenant = 256;

    private const int MostWaiting = 1024;

    private static readonly TimeSpan BetweenClearings = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Kind, Told> told = [];
    private readonly Dictionary<TenantId, int> kinds = [];
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

    /// <summary>Once the request is answered, unless it was answered that its caller asks too often: that is no attempt at anything, and
    /// there may be any number of them.</summary>
    /// <param name="tenant">The caller's.</param>
    public void NoteWhenAnswered(HttpContext context, TenantId tenant, string principal, string reason)
    {
        var operation = RefusedOperation.Of(context); // before anything takes the endpoint away
        context.Response.OnCompleted(() =>
        {
            if (context.Response.StatusCode != StatusCodes.Status429TooManyRequests) Note(new Kind(tenant, principal, operation, reason));
            return Task.CompletedTask;
        });
    }

    /// <summary>Never waits, and takes no more memory however many are refused.</summary>
    /// <param name="tenant">The caller's.</param>
    public void Note(HttpContext context, TenantId tenant, string principal, string reason) =>
        Note(new Kind(tenant, principal, RefusedOperation.Of(context), reason));

    private void Note(Kind kind)
    {
        var now = time.GetUtcNow();
        lock (told)
        {
            if (!told.ContainsKey(kind)) kind = WithRoom(kind, now);
            if (!told.TryGetValue(kind, out var last))
            {
                told.Add(kind, last = new Told { Until = now });
                kinds[kind.Tenant] = kinds.GetValueOrDefault(kind.Tenant) + 1;
            }
            // One that finds no room to wait is counted like one that came too soon.
            last.Untold++;
            var isTold = last.Until <= now && Tell(kind, last, now);
            metrics?.Count(isTold);
        }
    }

    private bool Tell(Kind kind, Told last, DateTimeOffset now)
    {
        if (!waiting.Writer.TryWrite(new Refusal(kind, last.Untold - 1))) return false;
        (last.Until, last.Untold) = (now + Period, 0);
        return true;
    }

    /// <summary>This kind, or the one that all together are which find no room: their tenant's, or where the tenant is not at fault the
    /// service's own.</summary>
    private Kind WithRoom(Kind kind, DateTimeOffset now)
    {
        for (var tries = 0; ; tries++)
        {
            var full = kinds.GetValueOrDefault(kind.Tenant) >= MostKindsOfTenant ? kind.Tenant
                : told.Count >= MostKinds ? TenantId.PlatformAudit : (TenantId?)null;
            if (full is null) return kind;
            if (tries > 0 || now - cleared < BetweenClearings) return Kind.Several(full.Value);
            Forget(now);
        }
    }

    // Under a flood of new kinds not at each of them: it looks at all. What was not told yet is told before it is forgotten.
    private void Forget(DateTimeOffset now)
    {
        cleared = now;
        foreach (var (kind, last) in told)
        {
            if (last.Until > now) continue;
            if (last.Untold > 0) Tell(kind, last, now);
            else
            {
                told.Remove(kind);
                if (--kinds[kind.Tenant] == 0) kinds.Remove(kind.Tenant);
            }
        }
    }

    /// <summary>Refusals that are told as one.</summary>
    /// <param name="Operation">Such as <c>POST /append</c>.</param>
    /// <param name="Reason">A problem's slug, or what ended a key.</param>
    internal sealed record Kind(TenantId Tenant, string Principal, string Operation, string Reason)
    {
        private const string Any = "(several)";

        public static Kind Several(TenantId tenant) => new(tenant, Any, Any, "too-many-kinds");

        public bool IsSeveral => Principal == Any; // every principal has an @ or a colon
    }

    /// <param name="Suppressed">Refusals of this kind that were not told since the last that was.</param>
    internal sealed record Refusal(Kind Kind, long Suppressed)
    {
        /// <summary>How many found no room, where this tells of those; else null.</summary>
        public long? Dropped => Kind.IsSeveral ? Suppressed + 1 : null;
    }

    private sealed class Told
    {
        /// <summary>Until then nothing of it is told.</summary>
        public DateTimeOffset Until { get; set; }

        public long Untold { get; set; }
    }
}
