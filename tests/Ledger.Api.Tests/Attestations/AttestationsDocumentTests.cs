using System.Diagnostics;
using System.Text.Json.Nodes;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Attestations;

public class AttestationsDocumentTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact(linux: true)]
    public async Task The_commands_of_the_page_make_an_envelope_that_is_taken_and_found()
    {
        var page = await File.ReadAllTextAsync(RepositoryPath.Of("docs", "attestations.md"));
        var commands = page.Split("```sh\n")[1].Split("```")[0];
        var tenant = await ledger.AddTenantAsync();
        await using var api = new ApiProcess(ledger.Settings);
        api.UseKestrel(0);
        api.StartServer();
        using var folder = new TempFolder();
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-e", "-c", commands])
        {
            WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true,
            Environment =
            {
                ["LEDGER_API"] = api.ClientOptions.BaseAddress.GetLeftPart(UriPartial.Authority),
                ["LEDGER_TOKEN"] = ledger.Issuer.Token(tenant, "CLIENT_TECH"),
                ["LEDGER_TOKEN_ADMIN"] = ledger.Issuer.Token(tenant, "CLIENT_ADMIN"),
            },
        })!;
        var (said, answers) = (shell.StandardError.ReadToEndAsync(), shell.StandardOutput.ReadToEndAsync());
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, await said);

        // The last answer is the list of what is about the subject.
        var list = await answers;
        var found = JsonNode.Parse(list[list.IndexOf("{\"items\"", StringComparison.Ordinal)..])!["items"]!.AsArray();
        var envelope = await File.ReadAllBytesAsync(folder["envelope.json"]);
        Assert.Equal(Ledger.Verify.Digest.Sha256(envelope).ToHex(), Assert.Single(found)!["sha256"]!.GetValue<string>());
    }
}
