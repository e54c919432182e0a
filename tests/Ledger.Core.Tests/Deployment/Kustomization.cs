using System.Text.Json.Nodes;
using Ledger.Testing;

namespace Ledger.Core.Tests.Deployment;

/// <summary>What <c>kubectl apply -k</c> would send, for the little of kustomize that deploy/ uses: resources, images, and patches that
/// hold no list, so that every way of merging gives the same.</summary>
internal sealed class Kustomization(string folder)
{
    private readonly JsonObject root = Manifest.Read($"{folder}/kustomization.yaml").Single().Root;

    public static IReadOnlyList<Manifest> Production { get; } = new Kustomization("deploy/kubernetes/overlays/production").Render();

    public static IReadOnlyList<Manifest> Staging { get; } = new Kustomization("deploy/kubernetes/overlays/staging").Render();

    public static IReadOnlyList<Manifest> Restore { get; } = new Kustomization("deploy/kubernetes/restore").Render();

    public IEnumerable<string> Resources => Texts("resources");

    public IEnumerable<string> Patches => root["patches"]?.AsArray().Select(patch => patch!["path"]!.GetValue<string>()) ?? [];

    public IReadOnlyList<Manifest> Render()
    {
        var objects = Resources.SelectMany(Load).Select(m => m with { Root = m.Root.DeepClone().AsObject() }).ToList();
        foreach (var patch in Patches.SelectMany(path => Manifest.Read($"{folder}/{path}")))
            Merge(objects.Single(m => m.Kind == patch.Kind && m.Name == patch.Name).Root, patch.Root);
        foreach (var container in objects.SelectMany(m => m.Containers)) container["image"] = Image(container["image"]!.GetValue<string>());
        return objects;
    }

    private IEnumerable<Manifest> Load(string resource) => Directory.Exists(RepositoryPath.Of(folder, resource))
        ? new Kustomization(Manifest.Relative(RepositoryPath.Of(folder, resource))).Render() : Manifest.Read($"{folder}/{resource}");

    private string Image(string name)
    {
        var image = root["images"]?.AsArray().SingleOrDefault(one => one!["name"]!.GetValue<string>() == name);
        if (image is null) return name;
        var digest = image["digest"]?.GetValue<string>();
        return $"{image["newName"]!.GetValue<string>()}{(digest is null ? $":{image["newTag"]!.GetValue<string>()}" : $"@{digest}")}";
    }

    private IEnumerable<string> Texts(string member) => root[member]?.AsArray().Select(text => text!.GetValue<string>()) ?? [];

    private static void Merge(JsonObject into, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is JsonArray)
                throw new InvalidOperationException($"{name}: kustomize merges lists by rules that are not known here.");
            if (value is JsonObject below && into[name] is JsonObject there) Merge(there, below);
            else into[name] = value?.DeepClone();
        }
    }
}
