using System.Net;
using System.Text;
using Ledger.DevHost.Emulators.Faults;

namespace Ledger.DevHost.Emulators;

/// <summary>One Kestrel of its own on 127.0.0.1, with the faults in front of the emulated surface.</summary>
internal static class EmulatorHost
{
    public static async Task<WebApplication> StartAsync(
        EmulatorOptions options,
        FaultSwitch faults,
        Action<WebApplication> control,
        RequestDelegate emulated,
        CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Emulator" });
        builder.Configuration.Sources.Clear(); // urls and log levels of the host's environment are not meant for an emulator
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, options.Port);
            kestrel.AddServerHeader = false;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.UTF8; // a stored Content-Disposition may have more than ASCII
            kestrel.Limits.MaxRequestBodySize = null; // each emulator answers its real server's own limit
            kestrel.Limits.MinRequestBodyDataRate = null; // a slow, shared machine is not an attack
        });
        var app = builder.Build();
        app.UseRouting();
        FaultControl.Map(app, faults);
        control(app);
        var faulty = new FaultMiddleware(faults, options.Time, emulated);
        app.Use(next => context => context.GetEndpoint() is null ? faulty.InvokeAsync(context) : next(context));
        app.UseEndpoints(_ => { });
        await app.StartAsync(cancellationToken).ConfigureAwait(false);
        return app;
    }

    /// <summary>Where it listens now; with port 0 the system chose.</summary>
    public static Uri AddressOf(WebApplication app) => new(app.Urls.Single());

    /// <summary>Ends with its owner, not at a signal: the usual lifetime would take Ctrl-C and SIGTERM
    /// away from the process it is in.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
