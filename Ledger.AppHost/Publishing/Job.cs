using Aspire.Hosting.Kubernetes.Resources;
using YamlDotNet.Serialization;

namespace Ledger.AppHost.Publishing;

/// <summary>A Kubernetes Job: its pod runs to completion, where a Deployment's would be started over and over.</summary>
internal sealed class Job() : Workload("batch/v1", "Job")
{
    [YamlMember(Alias = "spec")]
    public JobSpec Spec { get; set; } = new();

    [YamlIgnore]
    public override PodTemplateSpecV1 PodTemplate => Spec.Template;
}

internal sealed class JobSpec
{
    /// <summary>How often it is tried before it has failed: the database may come up later.</summary>
    [YamlMember(Alias = "backoffLimit")]
    public int BackoffLimit { get; set; } = 10;

    /// <summary>Seconds after which a finished Job is removed: a Job cannot be changed, so the next release makes its own.</summary>
    [YamlMember(Alias = "ttlSecondsAfterFinished")]
    public int TtlSecondsAfterFinished { get; set; } = 300;

    [YamlMember(Alias = "template")]
    public PodTemplateSpecV1 Template { get; set; } = new();
}
