using Aspire.Hosting.Kubernetes;
using Aspire.Hosting.Kubernetes.Resources;

namespace Ledger.AppHost.Publishing;

/// <summary>What a program's Kubernetes manifest needs beyond what Aspire makes of the model.</summary>
internal static class KubernetesExtensions
{
    /// <summary>Run once per release: in Kubernetes a Job, in Compose a service that the others wait for to complete.</summary>
    public static IResourceBuilder<ProjectResource> PublishAsJob(this IResourceBuilder<ProjectResource> program) =>
        program.InKubernetes(kubernetes =>
        {
            if (kubernetes.Workload?.PodTemplate is not { } pod)
                return;
            pod.Spec.RestartPolicy = "OnFailure";
            kubernetes.Workload = new Job { Metadata = kubernetes.Workload.Metadata, Spec = { Template = pod } };
            kubernetes.Workload.Metadata.Name = $"{program.Resource.Name}-job";
        });

    /// <summary>A program that stays. Aspire 13.5 writes a probe's scheme as the endpoint has it, http; Kubernetes takes HTTP.</summary>
    public static IResourceBuilder<ProjectResource> PublishAsService(this IResourceBuilder<ProjectResource> program) =>
        program.InKubernetes(kubernetes =>
        {
            foreach (var container in kubernetes.Workload?.PodTemplate.Spec.Containers ?? [])
            {
                foreach (var probe in new[] { container.LivenessProbe, container.ReadinessProbe })
                    probe?.HttpGet?.Scheme = probe.HttpGet.Scheme?.ToUpperInvariant()!;
            }
        });

    /// <summary>No image of the ledger needs root. Aspire refuses to publish for another target what says how it is published for
    /// Kubernetes, so it is said for that one alone.</summary>
    private static IResourceBuilder<ProjectResource> InKubernetes(
        this IResourceBuilder<ProjectResource> program, Action<KubernetesResource> change)
    {
        if (!program.ApplicationBuilder.Resources.OfType<KubernetesEnvironmentResource>().Any())
            return program;
        return program.PublishAsKubernetesService(kubernetes =>
        {
            if (kubernetes.Workload?.PodTemplate.Spec is { } pod)
                (pod.SecurityContext ??= new PodSecurityContextV1()).RunAsNonRoot = true;
            change(kubernetes);
        });
    }
}
