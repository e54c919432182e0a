using Microsoft.Extensions.DependencyInjection;

namespace Ledger.AppHost.Rekor;

/// <summary>The Merkle tree below Rekor: a database, a server that is asked, and a signer that sequences.</summary>
internal static class TrillianBuilderExtensions
{
    public const string RpcEndpoint = "rpc";

    // The image's schema is made in the database that these name, as in Rekor's own compose file.
    private const string Database = "test", User = "test";

    private const int DatabasePort = 3306, RpcPort = 8090, HttpPort = 8091;

    /// <summary>Returns the log server.</summary>
    public static IResourceBuilder<ContainerResource> AddTrillian(
        this IDistributedApplicationBuilder builder, string name, IResource parent)
    {
        var password = builder.AddParameter($"{name}-database-password",
            new GenerateParameterDefault { MinLength = 32, Special = false }, secret: true, persist: true);
        var database = builder.AddResource(new ContainerResource($"{name}-database"))
            .WithPinnedImage(ImageTags.TrillianDatabase)
            .WithContainerRuntimeArgs("--platform", "linux/amd64")
            .WithEndpoint(targetPort: DatabasePort, name: "tcp")
            .WithEnvironment("MYSQL_ROOT_PASSWORD", password)
            .WithEnvironment("MYSQL_DATABASE", Database)
            .WithEnvironment("MYSQL_USER", User)
            .WithEnvironment("MYSQL_PASSWORD", password)
            .WithParentRelationship(parent);
        var endpoint = database.GetEndpoint("tcp");
        builder.Services.AddHealthChecks().AddCheck($"{database.Resource.Name}-greets", new MysqlGreeting(endpoint));
        database.WithHealthCheck($"{database.Resource.Name}-greets");

        var (host, port) = (endpoint.Property(EndpointProperty.Host), endpoint.Property(EndpointProperty.Port));
        var uri = ReferenceExpression.Create(
            $"--mysql_uri={User}:{password}@tcp({host}:{port})/{Database}?parseTime=true&interpolateParams=true");
        builder.AddTrillianProgram($"{name}-log-signer", ImageTags.TrillianLogSigner, uri, parent)
            .WithArgs("--force_master")
            .WaitFor(database);
        return builder.AddTrillianProgram($"{name}-log-server", ImageTags.TrillianLogServer, uri, parent).WaitFor(database);
    }

    private static IResourceBuilder<ContainerResource> AddTrillianProgram(
        this IDistributedApplicationBuilder builder, string name, PinnedImage image, ReferenceExpression databaseUri, IResource parent) =>
        builder.AddResource(new ContainerResource(name))
            .WithPinnedImage(image)
            .WithEndpoint(targetPort: RpcPort, name: RpcEndpoint)
            .WithHttpEndpoint(targetPort: HttpPort, name: "http")
            .WithArgs("--quota_system=noop", "--storage_system=mysql", databaseUri, $"--rpc_endpoint=0.0.0.0:{RpcPort}",
                $"--http_endpoint=0.0.0.0:{HttpPort}", "--alsologtostderr")
            .WithHttpHealthCheck("/healthz", endpointName: "http")
            .WithParentRelationship(parent);
}
