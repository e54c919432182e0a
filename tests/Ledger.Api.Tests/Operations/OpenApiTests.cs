using Ledger.Api.Tests.Fixture;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Operations;

public class OpenApiTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    /// <summary>Set to renew the committed copy: <c>LEDGER_RENEW_OPENAPI=1 dotnet test tests/Ledger.Api.Tests --filter
    /// OpenApi</c>.</summary>
    private const string Renew = "LEDGER_RENEW_OPENAPI";

    [PostgresFact]
    public async Task The_committed_document_is_the_one_served()
    {
        using var client = ledger.Anonymous();
        using var probe = await client.GetAsync(new Uri("/openapi/v1.json", UriKind.Relative));
        Assert.True(probe.IsSuccessStatusCode, ledger.Api.Log.Text);
        var served = (await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative))).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var copy = RepositoryPath.Of("Ledger.Api", "openapi.json");
        if (Environment.GetEnvironmentVariable(Renew) == "1") await File.WriteAllTextAsync(copy, served);
        Assert.True(await File.ReadAllTextAsync(copy) == served,
            $"Ledger.Api/openapi.json is not what the API serves. If the change is meant: {Renew}=1 dotnet test tests/Ledger.Api.Tests --filter OpenApi");
    }

    [PostgresFact]
    public async Task Every_operation_has_a_name_a_summary_and_problems()
    {
        using var client = ledger.Anonymous();
        var document = await client.GetJsonAsync("/openapi/v1.json");
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject().Where(o => o.Name != "parameters"))
            {
                Assert.NotEmpty(operation.Value.GetProperty("operationId").GetString()!);
                Assert.NotEmpty(operation.Value.GetProperty("summary").GetString()!);
                Assert.True(operation.Value.GetProperty("responses").GetProperty("default").GetProperty("content")
                    .TryGetProperty("application/problem+json", out _), path.Name);
            }
        }
    }
}
