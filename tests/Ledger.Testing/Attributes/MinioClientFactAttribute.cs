using Ledger.DevHost.Processes;
using Xunit;

namespace Ledger.Testing.Attributes;

/// <summary>A test that runs the MinIO client (<see cref="Program"/>); skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MinioClientFactAttribute : FactAttribute
{
    public MinioClientFactAttribute()
    {
        if (Program is null)
            Skip = "needs the MinIO client: MINIO_CLIENT, or minio-client (Debian's name) or mcli on the PATH";
    }

    /// <summary>Of the variable MINIO_CLIENT, else of the PATH; not <c>mc</c>, which is more often Midnight Commander.</summary>
    public static string? Program { get; } = Find();

    private static string? Find()
        => Environment.GetEnvironmentVariable("MINIO_CLIENT") is { Length: > 0 } given
            ? File.Exists(given) ? given : null
            : SearchPath.Find("minio-client") ?? SearchPath.Find("mcli");
}
