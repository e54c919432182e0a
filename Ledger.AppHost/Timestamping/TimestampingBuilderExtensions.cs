namespace Ledger.AppHost.Timestamping;

internal static class TimestampingBuilderExtensions
{
    private const int Port = 3004;

    private const string Folder = "/etc/timestamping", KeyFile = "key.pem", ChainFile = "chain.pem";

    /// <summary>Adds a timestamping authority.</summary>
    /// <param name="identity">Its key and chain, as <see cref="AuthorityIdentity"/> has them; given to it as two files.</param>
    public static IResourceBuilder<TimestampingResource> AddTimestamping(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> identity) =>
        builder.AddResource(new TimestampingResource(name))
            .WithPinnedImage(ImageTags.TimestampServer)
            .WithIconName("Clock")
            .WithHttpEndpoint(targetPort: Port, name: TimestampingResource.HttpEndpoint)
            .WithArgs("serve", "--host=0.0.0.0", $"--port={Port}", "--timestamp-signer=file", $"--file-signer-key-path={Folder}/{KeyFile}",
                $"--certificate-chain-path={Folder}/{ChainFile}", "--disable-ntp-monitoring")
            .WithContainerFiles(Folder, async (_, cancel) =>
            {
                var pem = await identity.Resource.GetValueAsync(cancel)
                    ?? throw new DistributedApplicationException("parameter timestamping-identity has no value");
                return
                [
                    new ContainerFile { Name = KeyFile, Contents = AuthorityIdentity.Key(pem) },
                    new ContainerFile { Name = ChainFile, Contents = AuthorityIdentity.Certificates(pem) },
                ];
            })
            .WithHttpHealthCheck("/ping");
}
