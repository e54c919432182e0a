using Microsoft.Extensions.DependencyInjection;

namespace Ledger.AppHost.Commands;

internal static class ChainCommand
{
    public const string Name = "verify-chain";

    private const string Proof = "/chain/proof?full=true";

    /// <summary>Has the API recompute every entry of the demo tenant's chain, and shows what it found.</summary>
    /// <param name="keycloak">Where the example machine gets its token.</param>
    public static void WithChainCommand(
        this IResourceBuilder<ProjectResource> api, ReferenceExpression keycloak, ParameterResource machineSecret)
    {
        var endpoint = api.GetEndpoint("http");
        var machine = new MachineToken(keycloak, machineSecret);
        api.WithCommand(Name, "Verify the whole chain", context => VerifyAsync(context, endpoint, machine),
            new CommandOptions
            {
                Description = "Recomputes every entry of tenant demo's chain from its rows (GET /chain/proof?full=true).",
                IconName = "ShieldCheckmark",
                IsHighlighted = true,
            });
    }

    private static async Task<ExecuteCommandResult> VerifyAsync(ExecuteCommandContext context, EndpointReference api, MachineToken machine)
    {
        if (!api.IsAllocated)
            return CommandResults.Failure("The API is not running yet.");
        try
        {
            var http = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(api.Url), Proof));
            request.Headers.Authorization = new("Bearer", await machine.GetAsync(http, context.CancellationToken));
            using var answer = await http.SendAsync(request, context.CancellationToken);
            var body = await answer.Content.ReadAsStringAsync(context.CancellationToken);
            return answer.IsSuccessStatusCode
                ? CommandResults.Success("The chain verifies.", body, CommandResultFormat.Json, displayImmediately: true)
                : CommandResults.Failure($"The API answered {(int)answer.StatusCode}.", body, CommandResultFormat.Json);
        }
        catch (HttpRequestException e)
        {
            return CommandResults.Failure($"The chain could not be checked: {e.Message}");
        }
    }
}
