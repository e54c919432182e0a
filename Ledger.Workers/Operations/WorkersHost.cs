using Ledger.Core;
using Ledger.Core.Doctor;
using Ledger.Core.Identity;
using Ledger.Core.Jobs;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.ServiceDefaults;
using Ledger.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace Ledger.Workers.Operations;

/// <summary>The hosts that commands run in.</summary>
internal static class WorkersHost
{
    /// <summary>For a command by hand: the owner's role, no loops. It is not started, only asked for services.</summary>
    /// <exception cref="ConfigurationException"/>
    public static IHost ForCommand()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.AddWorkers(DatabaseRole.Owner);
        builder.Services.AddSingleton(s => new AdminDatabase(s.GetRequiredService<IOptions<DatabaseOptions>>().Value.Ledger,
            s.GetRequiredService<DatabaseResilience>()));
        builder.Services.AddSingleton<DeadLetters>();
        return Checked(builder.Build());
    }

    /// <summary>For <c>doctor</c>: the workers' role, which the owner's login may take on too, everything that the workers know, and no
    /// log: what a dependency does is in the lines.</summary>
    /// <exception cref="ConfigurationException"/>
    public static IHost ForDoctor()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.AddWorkers(DatabaseRole.Worker);
        builder.Logging.ClearProviders();
        builder.Services.AddPeopleWork(builder.Configuration);
        builder.Services.AddDoctor(services => new DoctorDatabase(services.GetRequiredService<LedgerDatabase>()));
        return Checked(builder.Build(), CheckedRealm.ReadAll(builder.Configuration).Faults);
    }

    /// <summary>For <c>run</c>: a web server for the probes only where it was told to listen.</summary>
    /// <exception cref="ConfigurationException"/>
    public static IHost ForLoops(string? urls, Action<IServiceCollection, IConfiguration> addLoops)
    {
        var plain = Host.CreateApplicationBuilder();
        urls ??= plain.Configuration["ASPNETCORE_URLS"] ?? plain.Configuration["URLS"];
        if (string.IsNullOrEmpty(urls))
        {
            plain.AddWorkers(DatabaseRole.Worker);
            addLoops(plain.Services, plain.Configuration);
            return Checked(plain.Build());
        }
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls(urls);
        builder.AddWorkers(DatabaseRole.Worker);
        addLoops(builder.Services, builder.Configuration);
        var app = builder.Build();
        app.UseServerSpans("/health", "/alive");
        app.MapProbes();
        return Checked(app);
    }

    private static void AddWorkers(this IHostApplicationBuilder builder, DatabaseRole role)
    {
        builder.Logging.AddSimpleConsole(line =>
        {
            line.SingleLine = true;
            line.UseUtcTimestamp = true;
            line.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.AddServiceDefaults();
        try { builder.AddLedgerCore(role, VaultCaller.Worker); }
        catch (FormatException e) { throw new ConfigurationException([e.Message]); }
    }

    private static IHost Checked(IHost host, params IReadOnlyList<string> more)
    {
        IReadOnlyList<string> faults = [.. ConfigurationFaults.Find(host.Services), .. more];
        if (faults.Count == 0) return host;
        host.Dispose();
        throw new ConfigurationException(faults);
    }
}
