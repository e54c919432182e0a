using System.Xml.Linq;
using Ledger.Testing;

namespace Ledger.Core.Tests.House;

/// <summary>A .csproj as far as the house is concerned.</summary>
public sealed record Project(string Name, IReadOnlyList<string> Uses, IReadOnlyList<string> Starts, IReadOnlyList<string> Packages,
    bool PinsVersions)
{
    public static IReadOnlyList<Project> All { get; } =
        [.. SourceFile.Paths("*.csproj").Select(p => Read(p.Name, XDocument.Load(p.FullName)))];

    public static Project Read(string file, XDocument project)
    {
        var references = project.Descendants("ProjectReference")
            .Select(r => (Name: NameOf((string)r.Attribute("Include")!),
                IsStarted: (string?)r.Attribute("ReferenceOutputAssembly") == "false")).ToList();
        var packages = project.Descendants("PackageReference").ToList();
        return new Project(Path.GetFileNameWithoutExtension(file),
            [.. references.Where(r => !r.IsStarted).Select(r => r.Name)], [.. references.Where(r => r.IsStarted).Select(r => r.Name)],
            [.. packages.Select(p => (string)p.Attribute("Include")!)],
            packages.Any(p => p.Attribute("Version") is not null || p.Attribute("VersionOverride") is not null));
    }

    public IEnumerable<Edge> UseEdges => Uses.Select(to => new Edge(Name, to));

    public IEnumerable<Edge> StartEdges => Starts.Select(to => new Edge(Name, to));

    public static Project Named(string name) => All.Single(p => p.Name == name);

    // Windows separators in the file, whatever machine reads it.
    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/').Split('/')[^1]);
}
