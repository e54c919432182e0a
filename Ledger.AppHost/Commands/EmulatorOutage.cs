using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.AppHost.Commands;

/// <summary>By the emulators' own control, <c>POST /emulator/faults {"mode":"down"}</c>.</summary>
internal sealed class EmulatorOutage(EndpointReference endpoint) : IOutage
{
    public Task<ExecuteCommandResult> BeginAsync(ExecuteCommandContext context) =>
        SendAsync(context, HttpMethod.Post, JsonContent.Create(new { mode = "down" }));

    public Task<ExecuteCommandResult> EndAsync(ExecuteCommandContext context) => SendAsync(context, HttpMethod.Delete, null);

    private async Task<ExecuteCommandResult> SendAsync(ExecuteCommandContext context, HttpMethod method, HttpContent? body)
    {
        if (!endpoint.IsAllocated)
            return CommandResults.Failure($"{endpoint.Resource.Name} is not running yet.");
        try
        {
            var http = context.Services.GetRequiredService<IHttpClientFactory>().CreateClient();
            using var request = new HttpRequestMessage(method, new Uri(new Uri(endpoint.Url), "/emulator/faults")) { Content = body };
            using var answer = await http.SendAsync(request, context.CancellationToken);
            return answer.IsSuccessStatusCode
                ? CommandResults.Success()
                : CommandResults.Failure($"{endpoint.Resource.Name} answered {(int)answer.StatusCode} to {method} /emulator/faults.");
        }
        catch (HttpRequestException e)
        {
            return CommandResults.Failure($"{endpoint.Resource.Name} cannot be reached: {e.Message}");
        }
    }
}
