using Ledger.Testing;

namespace Ledger.Core.Tests.House;

/// <summary>What builds and signs a release is code too, which nobody here can run: what can be held to rules is.</summary>
public sealed class WorkflowTests
{
    private const string Sound = """
        on: push
        permissions:
          contents: read
        jobs:
          one:
            timeout-minutes: 5
            steps:
              - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
              - run: echo "$TAG"
        """;

    [Fact]
    public void Workflows_are_pinned_bounded_and_have_few_rights() => Assert.Empty(Workflow.All.SelectMany(w => w.Faults()));

    [Fact]
    public void A_sound_workflow_has_no_fault() => Assert.Empty(new Workflow("sound.yml", Sound).Faults());

    [Theory]
    [InlineData("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "is not pinned")]
    [InlineData(" # v7.0.1", "", "is not pinned")]
    [InlineData("    timeout-minutes: 5\n", "", "has no time limit")]
    [InlineData("\"$TAG\"", "${{ github.ref_name }}", "into a script")]
    [InlineData("contents: read", "contents: write", "its rights")]
    [InlineData("permissions:\n  contents: read\n", "", "its rights")]
    [InlineData("\"$TAG\"", "\"$TAG\" | cat", "may fail unnoticed")]
    [InlineData("on: push", "on:\n  pull_request_target:", "a stranger's code")]
    public void A_fault_would_be_found(string sound, string faulty, string fault) =>
        Assert.Contains(fault, Assert.Single(new Workflow("faulty.yml", Sound.Replace(sound, faulty, StringComparison.Ordinal)).Faults()),
            StringComparison.Ordinal);

    [Fact]
    public void A_release_is_tested_signed_attested_and_then_verified_elsewhere()
    {
        var release = Workflow.All.Single(w => w.Name == "release.yml");
        Assert.Equal(["test", "images", "verify"], release.Jobs);
        Assert.Contains(release.Scripts, script => script.Contains("cosign sign", StringComparison.Ordinal));
        Assert.Contains(release.Scripts, script => script.StartsWith("deploy/verify-image.sh ", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_script_that_a_workflow_calls_is_there_and_may_be_run()
    {
        foreach (var script in new[] { RepositoryPath.Of("deploy", "verify-image.sh"), RepositoryPath.Of(".github", "nightly-verify.sh") })
        {
            Assert.Contains(Workflow.All.SelectMany(w => w.Scripts),
                called => called.Contains(Path.GetRelativePath(RepositoryPath.Of(), script).Replace('\\', '/'), StringComparison.Ordinal));
            if (!OperatingSystem.IsWindows()) Assert.True(File.GetUnixFileMode(script).HasFlag(UnixFileMode.UserExecute), script);
        }
    }
}
