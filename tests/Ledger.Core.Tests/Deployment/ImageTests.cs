using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Testing;

namespace Ledger.Core.Tests.Deployment;

/// <summary>What the SDK would build into an image, asked of MSBuild itself; no engine and no registry is needed for that.</summary>
public sealed class ImageTests
{
    [Theory]
    [InlineData("Ledger.Api", "ledger-api", "8088", "")]
    [InlineData("Ledger.Workers", "ledger-workers", "8089", "run")]
    public async Task An_image_has_no_shell_no_root_no_secret_and_a_name(string project, string name, string port, string arguments)
    {
        var asked = await AskAsync(project);
        Assert.Equal((name, "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled", "1654", "true"),
            (Property("ContainerRepository"), Property("ContainerBaseImage"), Property("ContainerUser"),
                Property("InvariantGlobalization")));
        Assert.Equal([$"{port}/tcp"], Items("ContainerPort").Select(item => $"{item["Identity"]}/{item["Type"]}"));
        Assert.Equal([$"ASPNETCORE_HTTP_PORTS=", $"ASPNETCORE_URLS=http://+:{port}", "DOTNET_EnableDiagnostics=0"],
            Items("ContainerEnvironmentVariable").Select(item => $"{item["Identity"]}={item["Value"]}").Order(StringComparer.Ordinal));
        Assert.Equal($"dotnet /app/{project}.dll {arguments}".TrimEnd(),
            string.Join(' ', Items("ContainerAppCommand").Concat(Items("ContainerDefaultArgs")).Select(item => item["Identity"])));

        var labels = Items("ContainerLabel").Select(item => item["Identity"]!.GetValue<string>()).ToList();
        Assert.Contains("org.opencontainers.image.version", labels);
        Assert.Contains("org.opencontainers.image.licenses", labels);
        Assert.DoesNotContain(labels, label => label.EndsWith(".created", StringComparison.Ordinal)); // nothing that differs without a reason

        string Property(string property) => asked["Properties"]![property]!.GetValue<string>();
        IEnumerable<JsonNode> Items(string item) => asked["Items"]![item]!.AsArray().Select(one => one!);
    }

    private static async Task<JsonNode> AskAsync(string project)
    {
        using var msbuild = Process.Start(new ProcessStartInfo("dotnet")
        {
            ArgumentList =
            {
                "msbuild", RepositoryPath.Of(project, $"{project}.csproj"), "-nologo", "-nodeReuse:false", "-t:ComputeContainerConfig",
                "-getProperty:ContainerRepository,ContainerBaseImage,ContainerUser,InvariantGlobalization",
                "-getItem:ContainerPort,ContainerEnvironmentVariable,ContainerAppCommand,ContainerDefaultArgs,ContainerLabel",
            },
            RedirectStandardOutput = true,
        })!;
        var answer = await msbuild.StandardOutput.ReadToEndAsync();
        await msbuild.WaitForExitAsync();
        return msbuild.ExitCode == 0 ? JsonNode.Parse(answer)! : throw new InvalidOperationException(answer);
    }
}
