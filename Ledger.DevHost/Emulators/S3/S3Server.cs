using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Health;
using Ledger.DevHost.Emulators.S3.Multipart;
using Ledger.DevHost.Emulators.S3.Objects;
using Ledger.DevHost.Emulators.S3.Requests;
using Ledger.DevHost.Emulators.S3.Signatures;

namespace Ledger.DevHost.Emulators.S3;

/// <summary>The way of a request, in the order in which the real server refuses: form of the signature, size and names, signature,
/// then what is called.</summary>
internal sealed class S3Server
{
    private readonly SignatureCheck signatures;
    private readonly BucketStore buckets;
    private readonly BucketRoutes bucketRoutes;
    private readonly ObjectRoutes objectRoutes;

    public S3Server(S3Options options, BucketStore buckets, TimeProvider time)
    {
        signatures = new SignatureCheck(options, time);
        this.buckets = buckets;
        bucketRoutes = new BucketRoutes(buckets, new MultiDelete(time), options.Region, time);
        objectRoutes = new ObjectRoutes(
            new PutObject(signatures, time), new CopyObject(buckets, time), new UploadRoutes(signatures, buckets, time), time);
    }

    public async Task HandleAsync(HttpContext context)
    {
        S3Answer.Begin(context);
        S3Request? request = null;
        try
        {
            request = new S3Request(context);
            if (HealthRoute.IsFor(request))
                await HealthRoute.AnswerAsync(request).ConfigureAwait(false);
            else
                await AnswerAsync(request).ConfigureAwait(false);
        }
        catch (S3Refusal refusal) when (!context.Response.HasStarted)
        {
            await S3Answer.RefuseAsync(context, request, refusal).ConfigureAwait(false);
        }
        catch (IOException) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await S3Answer.RefuseAsync(context, request, S3Error.Internal.Refuse()).ConfigureAwait(false); // a full disk, say
        }
    }

    private Task AnswerAsync(S3Request request)
    {
        signatures.CheckForm(request);
        RequestRules.Check(request);
        if (request.Method is not ("GET" or "HEAD" or "PUT" or "POST" or "DELETE"))
            throw new S3Refusal(S3Error.BadRequest($"There is no {request.Method} here.")) { Bare = true };
        if (request.Bucket.Length == 0)
            return bucketRoutes.RootAsync(request, signatures.Check(request));
        if (request.Key.Length == 0)
            return bucketRoutes.BucketAsync(request, signatures.Check(request));
        return request.Method == "PUT"
            ? objectRoutes.PutAsync(request, buckets)
            : objectRoutes.OtherAsync(request, buckets, signatures.Check(request));
    }
}
