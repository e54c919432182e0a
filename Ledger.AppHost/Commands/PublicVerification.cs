using Ledger.AppHost.Identity;

namespace Ledger.AppHost.Commands;

internal static class PublicVerification
{
    public const string Name = "open-public-verification";

    private const string Log = $"/log/{RealmImportExtensions.Tenant}";

    /// <summary>What anyone may read to verify the demo tenant's log, as links on the dashboard, and a command that shows how.</summary>
    public static void WithPublicVerification(this IResourceBuilder<ProjectResource> api)
    {
        var endpoint = api.GetEndpoint("http");
        api.WithUrl($"{endpoint}{Log}/checkpoint", "Public log: newest checkpoint")
            .WithUrl($"{endpoint}{Log}/keys", "Public log: keys to verify with")
            .WithCommand(Name, "Open public verification", _ => Task.FromResult(Show(endpoint)), new CommandOptions
            {
                Description = "Shows where tenant demo's public log is, and how anyone verifies it.",
                IconName = "Globe",
            });
    }

    private static ExecuteCommandResult Show(EndpointReference api)
    {
        if (!api.IsAllocated)
            return CommandResults.Failure("The API is not running yet.");
        return CommandResults.Success("Anyone may verify this log.", $"""
            - [newest checkpoint]({api.Url}{Log}/checkpoint)
            - [keys to verify with]({api.Url}{Log}/keys)

            The whole log, rebuilt from its public tiles by somebody who holds the keys (`trust.json` of the second link):

                ledger-verify fsck {api.Url}{Log} --trust trust.json
            """, CommandResultFormat.Markdown, displayImmediately: true);
    }
}
