using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ledger.Api.Operations;

/// <summary>The OpenAPI 3.1 document. openapi.json beside the project file is a copy; a test compares the two and says how to renew
/// it.</summary>
internal static class OpenApiSetup
{
    public const string Path = "/openapi/v1.json";

    public static WebApplicationBuilder AddOpenApiDocument(this WebApplicationBuilder builder)
    {
        builder.Services.AddOpenApi("v1", options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer(static (document, _, _) => Describe(document));
            options.AddOperationTransformer<OperationDetails>();
        });
        return builder;
    }

    public static void MapOpenApiDocument(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    private static Task Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "Ledger", Version = "1",
            Description = "A tamper-evident evidence ledger: append facts, prove them, verify offline." };
        document.Servers = []; // the address of whoever asked would differ in every copy
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", BearerFormat = "JWT" },
        };
        // HEAD is GET without a body, everywhere: saying so for each path would only double the document.
        foreach (var path in document.Paths.Values) path.Operations?.Remove(HttpMethod.Head);
        return Task.CompletedTask;
    }
}
