namespace Ledger.AppHost.Storage;

internal static class MinioBuilderExtensions
{
    private const int Port = 9000, ConsolePort = 9001;

    /// <summary>Adds MinIO without a bucket: that is a set-up's.</summary>
    public static IResourceBuilder<MinioResource> AddMinio(this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource> user, IResourceBuilder<ParameterResource> password) =>
        builder.AddResource(new MinioResource(name))
            .WithPinnedImage(ImageTags.Minio)
            .WithIconName("Archive")
            .WithHttpEndpoint(targetPort: Port, name: MinioResource.HttpEndpoint)
            .WithHttpEndpoint(targetPort: ConsolePort, name: MinioResource.ConsoleEndpoint)
            .WithArgs("server", "/data", "--console-address", $":{ConsolePort}")
            .WithEnvironment("MINIO_ROOT_USER", user)
            .WithEnvironment("MINIO_ROOT_PASSWORD", password)
            .WithHttpHealthCheck("/minio/health/live", endpointName: MinioResource.HttpEndpoint);
}
