using Ledger.AppHost.Dependencies;
using Ledger.AppHost.Programs;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.AppHost.Commands;

internal static class DeadLetterCommand
{
    public const string Name = "replay-dead-letters";

    /// <summary>A step that runs when it is asked to, by the owner's login as an operator's commands do, and a command of the workers that
    /// asks it to.</summary>
    public static void WithDeadLetterCommand(
        this IResourceBuilder<ProjectResource> workers, IDistributedApplicationBuilder builder, LedgerDependencies on)
    {
        var replay = builder.AddProject<Projects.Ledger_Workers>(Name, launchProfileName: null)
            .WithIconName("ArrowRepeatAll")
            .WithArgs(Name)
            .WithOperatorSettings(on)
            .WithExplicitStart()
            .WithParentRelationship(workers.Resource);
        workers.WithCommand(Name, "Replay dead letters", context => StartAsync(context, replay.Resource), new CommandOptions
        {
            Description = "Makes every job that gave up pending again, where its policy and its log allow it. Each is audited.",
            ConfirmationMessage = "Try every job that gave up once more?",
            IconName = "ArrowRepeatAll",
        });
    }

    private static async Task<ExecuteCommandResult> StartAsync(ExecuteCommandContext context, ProjectResource replay)
    {
        var commands = context.Services.GetRequiredService<ResourceCommandService>();
        var started = await commands.ExecuteCommandAsync(replay, KnownResourceCommands.StartCommand, context.CancellationToken);
        return started.Success ? CommandResults.Success($"Started: the log of {Name} says how many were replayed.") : started;
    }
}
