using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Health;

/// <summary>The probes, which nobody signs: alive, ready, and able to write.</summary>
internal static class HealthRoute
{
    private const string Prefix = "/minio/health/";

    public static bool IsFor(S3Request request)
        => request.Method is "GET" or "HEAD"
            && request.Path is Prefix + "live" or Prefix + "ready" or Prefix + "cluster" or Prefix + "cluster/read";

    public static Task AnswerAsync(S3Request request)
    {
        if (request.Path == Prefix + "cluster")
        {
            request.SetHeader("X-Minio-Storage-Class-Defaults", "false");
            request.SetHeader("X-Minio-Write-Quorum", "1");
        }
        return S3Answer.EmptyAsync(request.Context);
    }
}
