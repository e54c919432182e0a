using Ledger.Verify.Entries;

namespace Ledger.Api.Entries;

/// <summary>201 with a receipt's exact bytes: what is saved from this answer is what <c>ledger-verify receipt</c> reads.</summary>
internal sealed class ReceiptResult(Receipt receipt) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var bytes = receipt.ToBytes();
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = "/entries/" + receipt.Id;
        response.ContentType = "application/json";
        response.ContentLength = bytes.Length;
        return response.Body.WriteAsync(bytes, httpContext.RequestAborted).AsTask();
    }
}
