using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ledger.Testing;

namespace Ledger.Core.Tests.House;

/// <summary>The projects and the arrows between them.</summary>
public sealed class ProjectTests
{
    [Fact]
    public void A_project_uses_only_the_projects_below_it() => Assert.Empty(Plan.Projects.Refused(Project.All.SelectMany(p => p.UseEdges)));

    [Fact]
    public void A_project_that_another_starts_is_not_called_by_it() =>
        Assert.Empty(Plan.Starts.Refused(Project.All.SelectMany(p => p.StartEdges)));

    [Fact]
    public void Every_project_has_its_place_in_the_plan() => Assert.Empty(Project.All.Select(p => p.Name).Except(Plan.Projects.Names));

    [Fact]
    public void The_plan_of_the_projects_has_no_cycle() => Assert.Null(Plan.Cycle(Plan.Projects.Edges));

    [Fact]
    public void An_edge_from_Core_to_the_Api_would_be_refused()
    {
        var bad = Project.Read("Ledger.Core.csproj", XDocument.Parse("""
            <Project><ItemGroup>
              <ProjectReference Include="..\Ledger.Verify\Ledger.Verify.csproj" /><ProjectReference Include="..\Ledger.Api\Ledger.Api.csproj" />
            </ItemGroup></Project>
            """));
        Assert.Equal([new Edge("Ledger.Core", "Ledger.Api")], Plan.Projects.Refused(bad.UseEdges));
    }

    [Fact]
    public void Calling_the_Api_from_the_DevHost_would_be_refused()
    {
        var bad = Project.Read("Ledger.DevHost.csproj", XDocument.Parse("""
            <Project><ItemGroup><ProjectReference Include="..\Ledger.Api\Ledger.Api.csproj" /></ItemGroup></Project>
            """));
        Assert.Equal([new Edge("Ledger.DevHost", "Ledger.Api")], Plan.Projects.Refused(bad.UseEdges));
    }

    [Fact]
    public void A_project_that_nobody_planned_would_be_refused() =>
        Assert.Equal([new Edge("Ledger.Extra", "Ledger.Verify")], Plan.Projects.Refused([new Edge("Ledger.Extra", "Ledger.Verify")]));

    [Fact]
    public void A_cycle_would_be_found()
    {
        Edge[] ring = [new("A", "B"), new("B", "C"), new("C", "A"), new("D", "A")];
        Assert.Equal("A -> B -> C -> A", Plan.Cycle(ring));
    }

    [Fact]
    public void The_verifier_needs_a_command_line_and_what_belongs_to_dotnet() =>
        Assert.Empty(
            Project.Named("Ledger.Verify").Packages.Except(
                ["System.CommandLine", "System.Security.Cryptography.Pkcs", "System.Text.Json"]));

    [Fact]
    public void No_project_pins_a_version_of_its_own() => Assert.Empty(Project.All.Where(p => p.PinsVersions).Select(p => p.Name));

    [Fact]
    public void Every_pinned_version_is_exact()
    {
        var pins = XDocument.Load(RepositoryPath.Of("Directory.Packages.props")).Descendants("PackageVersion").ToList();
        Assert.NotEmpty(pins);
        Assert.All(pins, pin => Assert.Matches(new Regex(@"^[0-9]+(\.[0-9]+){2,3}(-[0-9A-Za-z.]+)?$"), (string)pin.Attribute("Version")!));
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_in_the_one_without_containers()
    {
        var solution = File.ReadAllText(RepositoryPath.Of("Ledger.sln"));
        var containerless = File.ReadAllText(RepositoryPath.Of("Ledger.Containerless.slnf"));
        Assert.Empty(Project.All.Where(p => !solution.Contains($"\"{p.Name}\"", StringComparison.Ordinal)).Select(p => p.Name));
        Assert.Empty(Project.All.Where(p => !p.Name.StartsWith("Ledger.AppHost", StringComparison.Ordinal)
            && !containerless.Contains($"{p.Name}.csproj", StringComparison.Ordinal)).Select(p => p.Name));
    }
}
