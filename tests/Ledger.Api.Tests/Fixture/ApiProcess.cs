using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ledger.Api.Tests.Fixture;

/// <remarks>Any public type of the API tells the factory which program to run; the name Program is the DevHost's too.</remarks>
/// <summary>The API as a server of its own on the given settings; several on one database are several processes, as far as Core can
/// tell.</summary>
internal sealed class ApiProcess(IReadOnlyDictionary<string, string> settings, TimeProvider? time = null,
    Action<IServiceCollection>? services = null)
    : WebApplicationFactory<Ledger.Api.Entries.ReceiptBody>
{
    /// <summary>What it logs.</summary>
    public CapturedLog Log { get; } = new();

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        foreach (var (name, value) in settings) builder.UseSetting(name, value);
        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.ConfigureServices(own => own.AddSingleton<IStartupFilter, Peer>());
        if (time is not null) builder.ConfigureServices(own => own.AddSingleton(time));
        if (services is not null) builder.ConfigureServices(services);
    }

    /// <param name="token">A bearer token, or none.</param>
    /// <param name="from">The address that it calls from; null is loopback.</param>
    public HttpClient Client(string? token, string? from = null)
    {
        var client = CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });
        if (token is not null) client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        if (from is not null) client.DefaultRequestHeaders.TryAddWithoutValidation(Peer.Header, from);
        return client;
    }
}
