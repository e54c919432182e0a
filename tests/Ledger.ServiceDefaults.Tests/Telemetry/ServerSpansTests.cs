using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Ledger.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.ServiceDefaults.Tests.Telemetry;

public sealed class ServerSpansTests : IAsyncLifetime, IDisposable
{
    private readonly ConcurrentQueue<Activity> ended = new();
    private readonly HttpClient http = new();
    private readonly ActivityListener listener;
    private WebApplication app = null!;

    public ServerSpansTests()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
    }

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        app = builder.Build();
        app.UseServerSpans("/health");
        app.UseExceptionHandler(faults => faults.Run(context =>
        {
            context.Response.StatusCode = context.Features.Get<IExceptionHandlerFeature>() is null ? 500 : 503;
            return Task.CompletedTask;
        }));
        app.MapGet("/health", () => "well");
        app.MapGroup("/entries").MapGet("/", () => "all");
        app.MapGet("/entries/{seq}", string (long seq) => seq > 0 ? "one" : throw new IOException("away"));
        await app.StartAsync();
        http.BaseAddress = new Uri(app.Urls.First());
    }

    public Task DisposeAsync() => app.DisposeAsync().AsTask();

    public void Dispose()
    {
        listener.Dispose();
        http.Dispose();
    }

    [Theory]
    [InlineData("entries?subject=secret", "GET /entries", "/entries", 200)]
    [InlineData("entries/7", "GET /entries/{seq}", "/entries/{seq}", 200)]
    [InlineData("entries/0", "GET /entries/{seq}", "/entries/{seq}", 503)]
    [InlineData("wp-login.php", "GET", null, 404)]
    public async Task A_span_says_its_route_and_its_status_and_no_value_of_a_query(string path, string name, string? route, int status)
    {
        using (var answer = await http.GetAsync(new Uri(path, UriKind.Relative))) Assert.Equal((HttpStatusCode)status, answer.StatusCode);
        var span = await EndedAsync();
        Assert.Equal((name, route, (int?)status),
            (span.DisplayName, (string?)span.GetTagItem("http.route"), (int?)span.GetTagItem("http.response.status_code")));
        Assert.Equal(status >= 500 ? ActivityStatusCode.Error : ActivityStatusCode.Unset, span.Status);
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value?.ToString()?.Contains("secret", StringComparison.Ordinal) == true);
    }

    // A span ends when its answer is on its way already.
    private async Task<Activity> EndedAsync()
    {
        for (var begun = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromSeconds(30);)
        {
            if (ended.FirstOrDefault(span => Equals(span.GetTagItem("server.port"), http.BaseAddress!.Port)) is { } span) return span;
            await Task.Delay(20);
        }
        throw new TimeoutException("no span");
    }
}
