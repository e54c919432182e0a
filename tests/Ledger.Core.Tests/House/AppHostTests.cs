using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ledger.Core.Tests.Operations;
using Ledger.Testing;

namespace Ledger.Core.Tests.House;

/// <summary>The AppHost as it is written. It is built where Aspire's packages are; what can be read of it is held here.</summary>
public sealed partial class AppHostTests
{
    private const int MostLines = 120;

    private static readonly IReadOnlyList<SourceFile> Source = [.. SourceFile.CSharp.Where(f => f.Project == "Ledger.AppHost")];

    private static readonly IReadOnlyList<XElement> Pins =
        [.. XDocument.Load(RepositoryPath.Of("Directory.Packages.props")).Descendants("PackageVersion")];

    private static SourceFile File(string name) => Source.Single(f => f.Path == $"Ledger.AppHost/{name}");

    [Fact]
    public void The_diagram_is_short_and_has_one_condition()
    {
        var diagram = File("AppHost.cs");
        Assert.InRange(diagram.LineCount, 1, MostLines);
        Assert.Single(Condition().Matches(diagram.Code));
        Assert.Contains("? builder.AddEmulators() : builder.AddContainers()", diagram.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("if (a) B();")]
    [InlineData("var a = b ? c : d;")]
    [InlineData("var a = b ?? c;")]
    [InlineData("foreach (var a in b) C();")]
    public void A_condition_would_be_seen(string code) => Assert.NotEmpty(Condition().Matches(code));

    [Fact]
    public void Only_the_list_of_images_names_one()
    {
        Assert.Empty(Source.Where(f => f.Path != "Ledger.AppHost/ImageTags.cs" && Image().IsMatch(f.Text)).Select(f => f.Path));
        var images = PinnedImage().Matches(File("ImageTags.cs").Text);
        Assert.Equal(11, images.Count);
        Assert.All(images, image => Assert.Matches(@"^(v?\d+\.\d+(\.\d+)?|RELEASE\.\d{4}-.*Z)$", image.Groups["tag"].Value));
    }

    [Fact]
    public void Nothing_of_a_stack_outlives_it_alone() => Assert.Empty(Source.Where(f => Kept().IsMatch(f.Code)).Select(f => f.Path));

    [Fact]
    public void Every_package_of_Aspire_and_its_version_stand_there_once()
    {
        var pinned = Pins.Select(p => (Id: (string)p.Attribute("Include")!, Version: (string)p.Attribute("Version")!))
            .Where(p => p.Id.StartsWith("Aspire.", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            ["Aspire.Hosting.Docker", "Aspire.Hosting.Keycloak", "Aspire.Hosting.Kubernetes", "Aspire.Hosting.PostgreSQL",
                "Aspire.Hosting.Testing"],
            pinned.Select(p => p.Id).Order(StringComparer.Ordinal));
        Assert.All(pinned, p => Assert.StartsWith("13.5.3", p.Version, StringComparison.Ordinal));
        Assert.All(pinned, p => Assert.Equal(p.Id is "Aspire.Hosting.Keycloak" or "Aspire.Hosting.Kubernetes",
            p.Version.Contains('-', StringComparison.Ordinal)));
        Assert.Equal("Aspire.AppHost.Sdk/13.5.3", (string?)XDocument
            .Load(RepositoryPath.Of("Ledger.AppHost", "Ledger.AppHost.csproj")).Root!.Attribute("Sdk"));
        var used = Project.All.SelectMany(p => p.Packages.Where(id => id.StartsWith("Aspire.", StringComparison.Ordinal))
            .Select(id => (p.Name, id))).ToList();
        Assert.Equal(pinned.Select(p => p.Id).Order(StringComparer.Ordinal), used.Select(u => u.id).Order(StringComparer.Ordinal));
        Assert.All(used, u => Assert.StartsWith("Ledger.AppHost", u.Name, StringComparison.Ordinal));
    }

    [Fact]
    public void The_solution_without_containers_is_without_the_AppHost() =>
        Assert.DoesNotContain("AppHost", System.IO.File.ReadAllText(RepositoryPath.Of("Ledger.Containerless.slnf")),
            StringComparison.Ordinal);

    [Fact]
    public void It_starts_with_containers_by_https_or_http_and_with_emulators()
    {
        var profiles = JsonNode.Parse(System.IO.File.ReadAllText(
            RepositoryPath.Of("Ledger.AppHost", "Properties", "launchSettings.json")))!["profiles"]!.AsObject();
        Assert.Equal(["https", "http", "emulators"], profiles.Select(p => p.Key));
        Assert.All(profiles, p => Assert.Equal(p.Key == "emulators" ? "emulators" : null,
            (string?)p.Value!["environmentVariables"]!["LEDGER_DEPENDENCIES"]));
    }

    [Theory]
    [InlineData(ReadBy.Api)]
    [InlineData(ReadBy.Workers)]
    public void It_gives_each_program_what_that_does_not_start_without(ReadBy program)
    {
        var settings = File("Programs/ProgramEnvironment.cs").Text;
        Assert.All(RequiredVariables.Of(program),
            name => Assert.Contains($".WithEnvironment(\"{name}\"", settings, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\b(if|switch|case|for|foreach|while)\b|\?")]
    private static partial Regex Condition();

    [GeneratedRegex(@"\b(docker|quay|ghcr|gcr|mcr)\.[a-z.]*(io|com)\b|\.WithImage\(|\.WithImageTag\(|\.AddContainer\(")]
    private static partial Regex Image();

    [GeneratedRegex("""new\("(?<registry>[^"]+)", "(?<name>[^"]+)", "(?<tag>[^"]+)"\)""")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"\bWith(Data)?(Volume|BindMount)\(|\bContainerLifetime\b")]
    private static partial Regex Kept();
}
