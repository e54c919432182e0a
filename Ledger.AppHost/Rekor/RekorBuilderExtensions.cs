namespace Ledger.AppHost.Rekor;

internal static class RekorBuilderExtensions
{
    private const int Port = 3000, RedisPort = 6379;

    private const string KeyFolder = "/etc/rekor", KeyFile = "log-key.pem";

    /// <summary>
    /// Adds Rekor and what it stands on, named after it: <c>-database</c>, <c>-log-server</c>, <c>-log-signer</c> and <c>-redis</c>, its
    /// search index. It makes its tree when it starts: a new container is a new log.
    /// </summary>
    /// <param name="logKey">The log's private key, PEM; given to it as a file.</param>
    public static IResourceBuilder<RekorResource> AddRekor(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> logKey)
    {
        var rekor = builder.AddResource(new RekorResource(name));
        var trillian = builder.AddTrillian(name, rekor.Resource);
        var redis = builder.AddResource(new ContainerResource($"{name}-redis"))
            .WithPinnedImage(ImageTags.Redis)
            .WithEndpoint(targetPort: RedisPort, name: "tcp")
            .WithParentRelationship(rekor.Resource);
        var (log, index) = (trillian.GetEndpoint(TrillianBuilderExtensions.RpcEndpoint), redis.GetEndpoint("tcp"));

        return rekor
            .WithPinnedImage(ImageTags.Rekor)
            .WithIconName("BookOpen")
            .WithHttpEndpoint(targetPort: Port, name: RekorResource.HttpEndpoint)
            .WithArgs("serve", "--rekor_server.address=0.0.0.0", $"--port={Port}", $"--rekor_server.hostname={RekorResource.Origin}",
                $"--rekor_server.signer={KeyFolder}/{KeyFile}",
                ReferenceExpression.Create($"--trillian_log_server.address={log.Property(EndpointProperty.Host)}"),
                ReferenceExpression.Create($"--trillian_log_server.port={log.Property(EndpointProperty.Port)}"),
                "--search_index.storage_provider=redis",
                ReferenceExpression.Create($"--redis_server.address={index.Property(EndpointProperty.Host)}"),
                ReferenceExpression.Create($"--redis_server.port={index.Property(EndpointProperty.Port)}"))
            .WithContainerFiles(KeyFolder, async (_, cancel) =>
                [new ContainerFile { Name = KeyFile, Contents = await logKey.Resource.GetValueAsync(cancel) }])
            .WithHttpHealthCheck("/api/v1/log")
            .WaitFor(trillian).WaitFor(redis);
    }
}
