using System.Diagnostics;

namespace Ledger.Core.Telemetry;

/// <summary>The source of this ledger's own spans. Requests, HTTP calls and statements are spans of the runtime and the driver; ours hold
/// them together where no request does. Where nobody listens, nothing is made.</summary>
public static class LedgerSpans
{
    /// <summary>What collectors subscribe to.</summary>
    public const string Name = "Ledger";

    /// <summary>Links of one span; the SDK's own limit.</summary>
    private const int MostLinks = 128;

    public static readonly ActivitySource Source = new(Name);

    /// <summary>Whose work this is, to be done later and together with others'; nobody's where no spans are collected.</summary>
    public static ActivityContext Here => Source.HasListeners() && Activity.Current is { } current ? current.Context : default;

    /// <summary>Work of its own: no request's, whatever was under way when its loop began.</summary>
    /// <param name="begun">When it began, where that is in the past.</param>
    public static Activity? StartRoot(string name, DateTimeOffset begun = default)
    {
        if (!Source.HasListeners()) return null;
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Internal, default(ActivityContext), tags: null, links: null, begun);
    }

    /// <summary>Begins what outlives its caller and is not done in its name: the caller's span does not flow into it.</summary>
    public static Task Detach(Func<Task> work)
    {
        if (ExecutionContext.IsFlowSuppressed()) return Task.Run(work);
        using (ExecutionContext.SuppressFlow()) return Task.Run(work);
    }

    /// <summary>Work that several wait for: part of the first one's trace that is recorded, with links to the others.</summary>
    /// <param name="waiting">What <see cref="Here"/> was when each of them came.</param>
    public static Activity? StartShared(string name, IEnumerable<ActivityContext> waiting)
    {
        if (!Source.HasListeners()) return null;
        var known = waiting.Where(context => context != default).Distinct().ToList();
        var first = known.Find(context => (context.TraceFlags & ActivityTraceFlags.Recorded) != 0);
        if (first == default && known.Count > 0) first = known[0];
        var links = known.Where(context => context != first).Take(MostLinks).Select(context => new ActivityLink(context));
        Activity.Current = null;
        return Source.StartActivity(name, ActivityKind.Internal, first, tags: null, links);
    }

    /// <summary>Says on the span under way here that this shared work was done for it; nothing where it is its parent already.</summary>
    public static void LinkHere(ActivityContext shared)
    {
        if (shared != default && Activity.Current is { IsAllDataRequested: true } here && here.TraceId != shared.TraceId)
            here.AddLink(new ActivityLink(shared));
    }

    /// <summary>Says on a span that what it was for failed.</summary>
    /// <param name="type">A slug or the exception's type; nothing that a caller wrote.</param>
    public static void Fail(this Activity? span, string type) => span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", type);
}
