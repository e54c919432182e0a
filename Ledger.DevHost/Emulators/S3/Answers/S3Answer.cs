using System.Security.Cryptography;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Answers;

/// <summary>Answers with the headers that the store puts on all of them.</summary>
internal static class S3Answer
{
    private const string HostId = "1a3ab224e2f5c11d8696e965ea3a2ba930380ece41ae40769885dd071b56a9d4";

    /// <summary>Server, request id and the rest; the first thing done for a request.</summary>
    public static void Begin(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Server = "MinIO";
        headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
        headers.Vary = new(["Origin", "Accept-Encoding"]);
        headers["X-Amz-Id-2"] = HostId;
        headers["X-Amz-Request-Id"] = RandomNumberGenerator.GetHexString(16);
        headers.XContentTypeOptions = "nosniff";
        headers.XXSSProtection = "1; mode=block";
    }

    public static Task XmlAsync(HttpContext context, byte[] document, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/xml";
        context.Response.ContentLength = document.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(document, context.RequestAborted).AsTask();
    }

    public static Task EmptyAsync(HttpContext context, int status = 200)
    {
        context.Response.StatusCode = status;
        if (status is not (204 or 304))
            context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }

    public static Task RefuseAsync(HttpContext context, S3Request? request, S3Refusal refusal)
    {
        foreach (var (name, value) in refusal.Headers)
            context.Response.Headers[name] = value;
        var error = refusal.Error;
        if (HttpMethods.IsHead(context.Request.Method) && !refusal.AnnouncesBody)
        {
            context.Response.Headers["X-Minio-Error-Code"] = error.Code;
            context.Response.Headers["X-Minio-Error-Desc"] = $"\"{error.Message}\"";
            return EmptyAsync(context, error.Status);
        }
        var named = refusal.Bare ? null : request;
        return XmlAsync(context, S3Xml.Document("Error", xml =>
        {
            xml.Text("Code", error.Code).Text("Message", error.Message);
            if (named is { Key.Length: > 0 })
                xml.Text("Key", refusal.Key ?? named.Key);
            if (named is { Bucket.Length: > 0 })
                xml.Text("BucketName", named.Bucket);
            xml.Text("Resource", request?.Path ?? context.Request.Path.Value ?? "/");
            foreach (var (name, value) in refusal.Fields)
                xml.Text(name, value);
            xml.Text("RequestId", context.Response.Headers["X-Amz-Request-Id"].ToString()).Text("HostId", HostId);
        }, amazon: false), error.Status);
    }
}
