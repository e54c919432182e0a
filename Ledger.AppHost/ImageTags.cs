namespace Ledger.AppHost;

/// <summary>An image as it is pulled: <c>docker.io/hashicorp/vault:1.21.4</c>.</summary>
internal sealed record PinnedImage(string Registry, string Name, string Tag);

/// <summary>Every image of the model, each pinned to one release. No other file names an image.</summary>
internal static class ImageTags
{
    public static readonly PinnedImage Postgres = new("docker.io", "library/postgres", "17.7");

    public static readonly PinnedImage Keycloak = new("quay.io", "keycloak/keycloak", "26.7.3");

    public static readonly PinnedImage Vault = new("docker.io", "hashicorp/vault", "1.21.4");

    /// <summary>The last release that MinIO published as an image.</summary>
    public static readonly PinnedImage Minio = new("quay.io", "minio/minio", "RELEASE.2025-09-07T16-13-09Z");

    public static readonly PinnedImage Rekor = new("ghcr.io", "sigstore/rekor/rekor-server", "v1.5.3");

    public static readonly PinnedImage TrillianLogServer = new("ghcr.io", "sigstore/scaffolding/trillian_log_server", "v1.7.3");

    public static readonly PinnedImage TrillianLogSigner = new("ghcr.io", "sigstore/scaffolding/trillian_log_signer", "v1.7.3");

    /// <summary>MySQL with Trillian's schema in it, as Rekor's own compose file takes it; amd64 alone.</summary>
    public static readonly PinnedImage TrillianDatabase = new("gcr.io", "trillian-opensource-ci/db_server", "v1.4.0");

    public static readonly PinnedImage Redis = new("docker.io", "library/redis", "8.2.1");

    public static readonly PinnedImage TimestampServer = new("ghcr.io", "sigstore/timestamp-server", "v2.1.2");

    public static readonly PinnedImage Mailpit = new("docker.io", "axllent/mailpit", "v1.22.3");

    /// <summary>Takes this image, whatever an integration would have taken.</summary>
    public static IResourceBuilder<T> WithPinnedImage<T>(this IResourceBuilder<T> builder, PinnedImage image) where T : ContainerResource =>
        builder.WithImage(image.Name, image.Tag).WithImageRegistry(image.Registry);
}
