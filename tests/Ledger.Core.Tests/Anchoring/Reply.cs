using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>What a scripted server does with a request.</summary>
internal sealed record Reply(Func<HttpContext, Task> Send)
{
    /// <summary>No answer, the connection is closed.</summary>
    public static Reply Closed { get; } = new(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    public static Reply Of(Exchange exchange) =>
        Of(exchange.Status, exchange.AnswerBytes, [.. exchange.Headers.Select(h => (h.Key, h.Value))]);

    public static Reply Of(int status, string body, params (string Name, string Value)[] headers) =>
        Of(status, Encoding.UTF8.GetBytes(body), headers);

    public static Reply Of(int status, byte[] body, params (string Name, string Value)[] headers) => new(context =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers) context.Response.Headers[name] = value;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    });

    /// <summary>Without a length in front, as long as the client takes it.</summary>
    public static Reply Endless(int status) => new(async context =>
    {
        context.Response.StatusCode = status;
        var some = new byte[64 * 1024];
        Array.Fill(some, (byte)' ');
        while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(some, context.RequestAborted);
    });

    /// <summary>Half of the body, then the connection is closed.</summary>
    public static Reply Cut(Exchange exchange) => new(async context =>
    {
        context.Response.StatusCode = exchange.Status;
        context.Response.ContentLength = exchange.AnswerBytes.Length;
        await context.Response.Body.WriteAsync(exchange.AnswerBytes.AsMemory(0, exchange.AnswerBytes.Length / 2));
        await context.Response.Body.FlushAsync();
        context.Abort();
    });

    /// <summary>Nothing, for as long as the client waits.</summary>
    public static Reply Silence(TaskCompletionSource asked) => new(async context =>
    {
        asked.TrySetResult();
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    });
}
