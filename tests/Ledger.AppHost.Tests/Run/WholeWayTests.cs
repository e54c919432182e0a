using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ledger.AppHost.Commands;
using Microsoft.Extensions.DependencyInjection;

namespace Ledger.AppHost.Tests.Run;

/// <summary>The stack as F5 starts it: real servers in containers, and the ledger's programs.</summary>
[Trait("needs", "containers")]
public sealed class WholeWayTests
{
    private static readonly byte[] Payload = Encoding.UTF8.GetBytes("Hello World");

    /// <summary>Images may have to be pulled first; the demo tenant is anchored a minute after an entry.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(15), AnchorPatience = TimeSpan.FromMinutes(5);

    [ContainerFact]
    public async Task An_entry_is_appended_anchored_in_a_real_Rekor_and_verified_offline()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Ledger_AppHost>();
        await using var app = await builder.BuildAsync();
        using var starting = new CancellationTokenSource(StartPatience);
        await app.StartAsync(starting.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("api", starting.Token);
        await app.ResourceNotifications.WaitForResourceHealthyAsync("workers", starting.Token);
        await app.ResourceNotifications.WaitForResourceAsync("tenant-demo", KnownResourceStates.TerminalStates, starting.Token);

        using var keycloak = app.CreateHttpClient("keycloak", "http");
        var secret = await builder.Resources.OfType<ParameterResource>().Single(p => p.Name == "keycloak-machine-secret")
            .GetValueAsync(starting.Token);
        using var api = app.CreateHttpClient("api", "http");
        api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(keycloak, secret!));

        using var appended = await api.PostAsJsonAsync("/append", new { subject = "apphost", payload = Convert.ToBase64String(Payload) });
        Assert.Equal(HttpStatusCode.Created, appended.StatusCode);
        var id = (await appended.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();

        var folder = Directory.CreateTempSubdirectory("ledger-apphost").FullName;
        try
        {
            var trust = Path.Combine(folder, "trust.json");
            var bundle = Path.Combine(folder, "bundle.json");
            var artifact = Path.Combine(folder, "hello.txt");
            await File.WriteAllBytesAsync(artifact, Payload);
            var (code, output) = (-1, "no bundle");
            using var anchoring = new CancellationTokenSource(AnchorPatience);
            while (code != 0 && !anchoring.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(2));
                // A token lives for five minutes: a new one each time.
                api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(keycloak, secret!));
                using var answer = await api.GetAsync($"/entries/{id}/bundle");
                if (!answer.IsSuccessStatusCode)
                    continue;
                await File.WriteAllTextAsync(bundle, await answer.Content.ReadAsStringAsync());
                await File.WriteAllTextAsync(trust, await api.GetStringAsync("/log/demo/keys"));
                (code, output) = await Verifier.RunAsync(bundle, "--artifact", artifact, "--trust", trust);
            }
            Assert.True(code == 0, output);
            Assert.Contains("log-inclusion pass", output, StringComparison.Ordinal);
            Assert.Contains("verdict verified\n", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        var commands = app.Services.GetRequiredService<ResourceCommandService>();
        var chain = await commands.ExecuteCommandAsync("api", ChainCommand.Name);
        Assert.True(chain.Success, chain.Message);

        var outage = await commands.ExecuteCommandAsync("rekor", OutageCommands.Begin);
        Assert.True(outage.Success, outage.Message);
        using var meanwhile = await api.PostAsJsonAsync("/append", new { subject = "apphost", payload = Convert.ToBase64String(Payload) });
        Assert.Equal(HttpStatusCode.Created, meanwhile.StatusCode);
        outage = await commands.ExecuteCommandAsync("rekor", OutageCommands.End);
        Assert.True(outage.Success, outage.Message);
    }

    private static async Task<string> TokenAsync(HttpClient keycloak, string secret)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = "ledger-machine", ["client_secret"] = secret,
        });
        using var answer = await keycloak.PostAsync("/realms/ledger/protocol/openid-connect/token", form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }
}
