namespace Ledger.AppHost.Vault;

internal static class VaultBuilderExtensions
{
    private const int Port = 8200;

    private const string Listen = "0.0.0.0:8200";

    /// <summary>Adds <c>vault server -dev</c>. It has no transit engine, policies and tokens yet: those are a set-up's.</summary>
    public static IResourceBuilder<VaultResource> AddVault(
        this IDistributedApplicationBuilder builder, string name, IResourceBuilder<ParameterResource> rootToken) =>
        builder.AddResource(new VaultResource(name, rootToken.Resource))
            .WithPinnedImage(ImageTags.Vault)
            .WithIconName("LockClosed")
            .WithHttpEndpoint(targetPort: Port, name: VaultResource.HttpEndpoint)
            .WithArgs("server", "-dev")
            .WithEnvironment("VAULT_DEV_ROOT_TOKEN_ID", rootToken)
            .WithEnvironment("VAULT_DEV_LISTEN_ADDRESS", Listen)
            .WithContainerRuntimeArgs("--cap-add", "IPC_LOCK")
            .WithHttpHealthCheck("/v1/sys/health");
}
