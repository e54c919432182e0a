using Ledger.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ledger.Api.Tests.Problems;

public sealed class CallerGoneTests
{
    [Theory]
    [InlineData(true, 499)]
    [InlineData(false, 503)]
    public async Task A_stream_that_breaks_because_its_caller_went_away_is_no_outage(bool gone, int status)
    {
        var context = new DefaultHttpContext { RequestAborted = new CancellationToken(gone) };
        var handler = new ProblemExceptionHandler(NullLogger<ProblemExceptionHandler>.Instance);

        await handler.TryHandleAsync(context, new IOException("The client reset the request stream."), CancellationToken.None);

        Assert.Equal(status, context.Response.StatusCode);
    }
}
