using Ledger.AppHost.Parameters;
using Ledger.AppHost.Timestamping;
using Microsoft.Extensions.Configuration;

namespace Ledger.AppHost.Tests.Model;

/// <summary>The AppHost's model, as its program makes it, and nothing of it started. Its secrets are the test's own: nobody's user secrets
/// are read or written.</summary>
internal sealed class LedgerModel : IAsyncDisposable
{
    public const string Containers = "containers", Emulators = "emulators";

    private readonly IDistributedApplicationTestingBuilder _builder;

    private LedgerModel(IDistributedApplicationTestingBuilder builder) => _builder = builder;

    public static readonly TheoryData<string> Both = [Containers, Emulators];

    public IReadOnlyList<IResource> Resources => [.. _builder.Resources];

    public IEnumerable<string> Names => Resources.Where(r => r is not ParameterResource && !IsRebuilder(r)).Select(r => r.Name);

    public static async Task<LedgerModel> OfAsync(string dependencies, params string[] more)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Ledger_AppHost>(
            [$"--LEDGER_DEPENDENCIES={dependencies}", .. more]);
        builder.Configuration["ConnectionStrings:postgres"] = "Host=db.test;Port=5432;Username=postgres;Password=administrator";
        foreach (var parameter in builder.Resources.OfType<ParameterResource>())
            builder.Configuration[$"Parameters:{parameter.Name}"] = parameter.Name switch
            {
                "rekor-log-key" => EcdsaKey.Create(),
                "timestamping-identity" => AuthorityIdentity.Create(),
                var name => $"value-of-{name}",
            };
        return new LedgerModel(builder);
    }

    public static Task<LedgerModel> PublishedAsync(params string[] more) =>
        OfAsync(Containers, ["--operation", "publish", "--step", "publish", .. more]);

    public Task<DistributedApplication> BuildAsync() => _builder.BuildAsync();

    public T Resource<T>(string name) where T : IResource => Assert.IsAssignableFrom<T>(_builder.Resources.Single(r => r.Name == name));

    /// <summary>Variables and what they are made of: values, and <c>{vault.bindings.http.url}</c> where a value is known later.</summary>
#pragma warning disable CS0618 // What replaces it in 13.5 asks for a logger and an execution context of its own, for the same dictionary.
    public Task<Dictionary<string, string>> EnvironmentAsync(string name) => Resource<IResourceWithEnvironment>(name)
        .GetEnvironmentVariableValuesAsync(DistributedApplicationOperation.Publish).AsTask();
#pragma warning restore CS0618

    public IEnumerable<string> WaitsOf(string name, WaitType type) => Resource<IResource>(name).Annotations.OfType<WaitAnnotation>()
        .Where(wait => wait.WaitType == type).Select(wait => wait.Resource.Name).Order(StringComparer.Ordinal);

    public IEnumerable<string> CommandsOf(string name) =>
        Resource<IResource>(name).Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name);

    public async ValueTask DisposeAsync() => await _builder.DisposeAsync();

    /// <summary>Aspire adds a hidden one to each project.</summary>
    private static bool IsRebuilder(IResource resource) => resource.Name.EndsWith("-rebuilder", StringComparison.Ordinal);
}
