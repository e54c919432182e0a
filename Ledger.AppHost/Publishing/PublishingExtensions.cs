namespace Ledger.AppHost.Publishing;

internal static class PublishingExtensions
{
    public const string Target = "PUBLISH_TARGET", Kubernetes = "kubernetes", Compose = "compose", Manifest = "manifest";

    /// <summary>Where <c>aspire publish</c> writes for: Docker Compose, or with <c>PUBLISH_TARGET=kubernetes</c> a Helm chart. One at a
    /// time, so that every program belongs to it without saying so. Neither in the manifest that azd and aspirate read: they bring their
    /// own.</summary>
    /// <exception cref="DistributedApplicationException">Another target.</exception>
    public static void AddPublishing(this IDistributedApplicationBuilder builder)
    {
        switch (builder.Configuration["Publishing:Publisher"] == Manifest ? Manifest : builder.Configuration[Target] ?? Compose)
        {
            // Without the dashboard: an image that no release pins, for everybody who reaches its port to read.
            case Compose:
                builder.AddDockerComposeEnvironment(Compose).WithDashboard(false);
                break;
            case Kubernetes:
                builder.AddKubernetesEnvironment(Kubernetes).WithDashboard(false);
                break;
            case Manifest:
                break;
            case var other:
                throw new DistributedApplicationException($"{Target}: '{other}' is none of {Compose}, {Kubernetes} and {Manifest}");
        }
    }
}
