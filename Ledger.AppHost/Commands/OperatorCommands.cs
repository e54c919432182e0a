using Ledger.AppHost.Dependencies;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.AppHost.Commands;

internal static class OperatorCommands
{
    /// <summary>What the dashboard offers beside starting and stopping, on a stack of this machine.</summary>
    public static void AddOperatorCommands(this IDistributedApplicationBuilder builder, LedgerDependencies on,
        IResourceBuilder<ProjectResource> api, IResourceBuilder<ProjectResource> workers)
    {
        if (on.Local is not { } stack)
            return;
        builder.Services.AddHttpClient();
        foreach (var service in stack.Services)
            service.WithOutageCommands();
        api.WithChainCommand(on.Identity.Address, stack.Secrets.KeycloakMachineSecret.Resource);
        api.WithPublicVerification();
        workers.WithDeadLetterCommand(builder, on);
    }
}
