using System.Xml.Linq;

namespace Ledger.AppHost.Tests.Model;

/// <summary>What <c>aspire publish</c> writes, written here without an image being built.</summary>
public sealed class PublishedTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-publish").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_published_stack_is_the_ledger_alone_and_the_rest_are_parameters()
    {
        await using var model = await LedgerModel.PublishedAsync("--output-path", _folder);
        Assert.Empty(model.Resources.OfType<ContainerResource>());
        Assert.Equal(["api", "migrate", "workers"],
            model.Resources.OfType<ProjectResource>().Select(r => r.Name).Order(StringComparer.Ordinal));
        var api = await model.EnvironmentAsync("api");
        Assert.Equal("{ledger-api.connectionString}", api["ConnectionStrings__ledger"]);
        Assert.Equal("{vault-address.value}", api["Vault__Address"]);
        Assert.Equal("{admin-network.value}", api["Security__AdminAllowedCidrs__0"]);
        Assert.DoesNotContain("ASPNETCORE_FORWARDEDHEADERS_ENABLED", api.Keys);
    }

    [Fact]
    public async Task Compose_runs_the_migration_to_its_end_first()
    {
        var compose = await PublishAsync("compose", "docker-compose.yaml");
        Assert.Equal(2, Count(compose, "condition: \"service_completed_successfully\""));
        Assert.Contains($"\"8088:{ImagePort("Api")}\"", compose, StringComparison.Ordinal);
        Assert.DoesNotContain("dashboard", compose, StringComparison.Ordinal);
        Assert.DoesNotContain("value-of-", compose, StringComparison.Ordinal); // no value of a parameter is written
    }

    [Fact]
    public async Task In_Kubernetes_the_migration_is_a_job_and_probes_have_a_scheme_that_it_takes()
    {
        var job = await PublishAsync("kubernetes", Path.Combine("templates", "migrate", "job.yaml"));
        Assert.Contains("kind: \"Job\"", job, StringComparison.Ordinal);
        Assert.Contains("restartPolicy: \"OnFailure\"", job, StringComparison.Ordinal);
        var api = await File.ReadAllTextAsync(Path.Combine(_folder, "templates", "api", "deployment.yaml"));
        Assert.Equal(2, Count(api, "scheme: \"HTTP\""));
        Assert.Contains("runAsNonRoot: true", api, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api", "Api")]
    [InlineData("workers", "Workers")]
    public async Task In_Kubernetes_a_program_is_asked_where_its_image_listens(string program, string project)
    {
        var deployment = await PublishAsync("kubernetes", Path.Combine("templates", program, "deployment.yaml"));
        Assert.Equal(2, Count(deployment, $" port: {ImagePort(project)}"));
        Assert.Equal(1, Count(deployment, $"containerPort: {ImagePort(project)}"));
        var service = await File.ReadAllTextAsync(Path.Combine(_folder, "templates", program, "service.yaml"));
        Assert.Contains($"targetPort: {ImagePort(project)}", service, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_target_is_refused_by_name()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => LedgerModel.PublishedAsync("--PUBLISH_TARGET=nomad"));
        Assert.Contains("nomad", error.ToString(), StringComparison.Ordinal);
    }

    private async Task<string> PublishAsync(string target, string file)
    {
        await using var model = await LedgerModel.PublishedAsync("--output-path", _folder, $"--PUBLISH_TARGET={target}");
        await using var app = await model.BuildAsync();
        await app.RunAsync();
        return await File.ReadAllTextAsync(Path.Combine(_folder, file));
    }

    /// <summary>Where the image listens whatever HTTP_PORTS says, by the project file that it is made from.</summary>
    private static string ImagePort(string project) => XDocument.Load(Path.Combine(
            Projects.Ledger_AppHost.ProjectPath, "..", $"Ledger.{project}", $"Ledger.{project}.csproj"))
        .Descendants("ContainerListensOn").Single().Value;

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
