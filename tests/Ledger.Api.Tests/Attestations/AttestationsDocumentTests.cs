using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Attestations;

public class AttestationsDocumentTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact(linux: true)]
    public async Task The_commands_of_the_page_make_an_envelope_that_is_taken()
    {
        var page = await File.ReadAllTextAsync(RepositoryPath.Of("docs", "attestations.md"));
        var commands = page.Split("```sh\n")[1].Split("```")[0];
        using var folder = new TempFolder();
        using var shell = Process.Start(new ProcessStartInfo("sh", ["-e", "-c", commands])
        {
            WorkingDirectory = folder.Path, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var said = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, said);

        var tenant = await ledger.AddTenantAsync();
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var key = await admin.PostAsJsonAsync("/api/v1/attestation-keys",
            new { name = "the page's", public_key = await File.ReadAllTextAsync(folder["pub.pem"]) });
        await key.JsonAsync(HttpStatusCode.Created);
        using var attested = await admin.PostAsync("/attestations", Answers.Json(await File.ReadAllTextAsync(folder["envelope.json"])));
        await attested.JsonAsync(HttpStatusCode.Created);
    }
}
