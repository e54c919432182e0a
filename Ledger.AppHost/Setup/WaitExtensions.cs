using Ledger.AppHost.Dependencies;

namespace Ledger.AppHost.Setup;

internal static class WaitExtensions
{
    public static IResourceBuilder<T> WaitForCompletionOfAll<T>(
        this IResourceBuilder<T> resource, IEnumerable<IResourceBuilder<IResource>> steps) where T : IResourceWithWaitSupport
    {
        foreach (var step in steps)
            resource.WaitForCompletion(step);
        return resource;
    }

    /// <summary>Waits until every service of this machine is healthy; for nothing in a published stack.</summary>
    public static IResourceBuilder<T> WaitForServices<T>(this IResourceBuilder<T> resource, LedgerDependencies on)
        where T : IResourceWithWaitSupport
    {
        foreach (var service in on.Local?.Services ?? [])
            resource.WaitFor(service.Resource);
        return resource;
    }
}
