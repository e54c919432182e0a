using System.Globalization;

namespace Ledger.DevHost.Emulators.Faults;

/// <summary>Applies the faults any server can have; the emulator itself reads the others with <see cref="Of"/>.</summary>
internal sealed class FaultMiddleware(FaultSwitch faults, TimeProvider time, RequestDelegate next)
{
    private static readonly object Key = new();

    /// <summary>The fault that this request was hit by, for the emulator to act out.</summary>
    public static FaultMode Of(HttpContext context) => DetailsOf(context)?.Mode ?? FaultMode.Ok;

    /// <summary>The same with its numbers.</summary>
    public static Fault? DetailsOf(HttpContext context) => context.Items.TryGetValue(Key, out var fault) ? (Fault)fault! : null;

    public async Task InvokeAsync(HttpContext context)
    {
        var fault = faults.Take(context.Request.Path.Value ?? "");
        if (fault is { AfterWork: true, Mode: FaultMode.Down or FaultMode.Hang or FaultMode.ServerError or FaultMode.TooManyRequests })
            await WorkInVainAsync(context).ConfigureAwait(false);
        switch (fault?.Mode)
        {
            case null:
                await next(context).ConfigureAwait(false);
                break;
            case FaultMode.Down:
                context.Abort();
                break;
            case FaultMode.Slow:
                await Task.Delay(fault.Delay, time, context.RequestAborted).ConfigureAwait(false);
                await next(context).ConfigureAwait(false);
                break;
            case FaultMode.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, context.RequestAborted).ConfigureAwait(false);
                break;
            case FaultMode.TooManyRequests:
                context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
                context.Response.Headers.RetryAfter = ((int)fault.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                break;
            case FaultMode.ServerError:
                context.Response.StatusCode = fault.Status;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync("""{"errors":["emulated failure"]}""", context.RequestAborted).ConfigureAwait(false);
                break;
            case FaultMode.Drop:
                await DropAsync(context).ConfigureAwait(false);
                break;
            default:
                context.Items[Key] = fault;
                await next(context).ConfigureAwait(false);
                break;
        }
    }

    // The work is done, and nobody hears of it.
    private async Task WorkInVainAsync(HttpContext context)
    {
        var client = context.Response.Body;
        using var lost = new MemoryStream();
        context.Response.Body = lost;
        await next(context).ConfigureAwait(false);
        context.Response.Clear();
        context.Response.Body = client;
    }

    // The work is done and half of its answer sent: a client that retries must cope with both.
    private async Task DropAsync(HttpContext context)
    {
        var client = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await next(context).ConfigureAwait(false);
        context.Response.Body = client;
        context.Response.ContentLength = answer.Length;
        await client.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length / 2), context.RequestAborted).ConfigureAwait(false);
        await client.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        context.Abort();
    }
}
