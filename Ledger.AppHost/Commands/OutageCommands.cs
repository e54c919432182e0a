using Ledger.AppHost.Dependencies;

namespace Ledger.AppHost.Commands;

/// <summary>
/// An outage that ends as it began: nothing is stopped, since a container that is started again is a new one and has lost what it knew. A
/// container is paused, so that its callers wait and give up; an emulator drops every connection.
/// </summary>
internal static class OutageCommands
{
    public const string Begin = "simulate-outage", End = "end-outage";

    /// <summary>None for what does not run here (the <c>emulators</c> profile's PostgreSQL) or cannot be told to fail (its mail
    /// server).</summary>
    public static void WithOutageCommands(this Service service)
    {
        if (OutageOf(service.Resource.Resource) is not { } outage)
            return;
        service.Resource
            .WithCommand(Begin, "Simulate outage", context => outage.BeginAsync(context), new CommandOptions
            {
                Description = $"{service.Name} gives no answer until the outage is ended. It keeps what it knows.",
                ConfirmationMessage = $"Let {service.Name} be away until you end it?",
                IconName = "PlugDisconnected",
            })
            .WithCommand(End, "End outage", context => outage.EndAsync(context), new CommandOptions
            {
                Description = $"{service.Name} answers again.",
                IconName = "PlugConnected",
            });
    }

    private static IOutage? OutageOf(IResource resource) => resource switch
    {
        ContainerResource container => new ContainerOutage(container),
        ProjectResource emulator when emulator.GetEndpoint("http").Exists => new EmulatorOutage(emulator.GetEndpoint("http")),
        _ => null,
    };
}

/// <summary>How a dependency is made to be away, and back.</summary>
internal interface IOutage
{
    Task<ExecuteCommandResult> BeginAsync(ExecuteCommandContext context);

    Task<ExecuteCommandResult> EndAsync(ExecuteCommandContext context);
}
