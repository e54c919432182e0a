namespace Ledger.DevHost.Emulators.S3;

/// <summary>The routes of the server.</summary>
internal static class S3Server
{
    public static Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        context.Response.StatusCode = path is "/minio/health/live" or "/minio/health/ready" or "/minio/health/cluster" ? 200 : 501;
        return Task.CompletedTask;
    }
}
