using System.ComponentModel;
using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.AppHost.Commands;

/// <summary>By the container engine, <c>docker pause ID</c>: connections are accepted, and nobody answers.</summary>
internal sealed class ContainerOutage(ContainerResource container) : IOutage
{
    private const string ContainerId = "container.id";

    public Task<ExecuteCommandResult> BeginAsync(ExecuteCommandContext context) => RunAsync(context, "pause");

    public Task<ExecuteCommandResult> EndAsync(ExecuteCommandContext context) => RunAsync(context, "unpause");

    private async Task<ExecuteCommandResult> RunAsync(ExecuteCommandContext context, string verb)
    {
        var states = context.Services.GetRequiredService<ResourceNotificationService>();
        if (!states.TryGetCurrentState(context.ResourceName, out var state)
            || state.Snapshot.Properties.FirstOrDefault(property => property.Name == ContainerId)?.Value is not string { Length: > 0 } id)
            return CommandResults.Failure($"{container.Name} has no container yet.");

        // The name by which Aspire itself is told which engine to use.
        var engine = context.Services.GetRequiredService<IConfiguration>()["ASPIRE_CONTAINER_RUNTIME"] ?? "docker";
        try
        {
            using var process = Process.Start(new ProcessStartInfo(engine, [verb, id])
            {
                RedirectStandardError = true, RedirectStandardOutput = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync(context.CancellationToken);
            var error = await process.StandardError.ReadToEndAsync(context.CancellationToken);
            await output;
            await process.WaitForExitAsync(context.CancellationToken);
            return process.ExitCode == 0
                ? CommandResults.Success()
                : CommandResults.Failure($"{engine} {verb} {container.Name}: {error.Trim()}");
        }
        catch (Win32Exception e)
        {
            return CommandResults.Failure($"cannot run {engine} ({e.Message}): set ASPIRE_CONTAINER_RUNTIME to the engine in use");
        }
    }
}
