using Ledger.Api.Problems;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Ledger.Api.Operations;

/// <summary>Says of operations what their handlers' signatures do not: problems, tokens, the text form, headers, and path parameters that
/// no handler binds.</summary>
internal sealed class OperationDetails : IOpenApiOperationTransformer
{
    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, cancellationToken);
        context.Document?.AddComponent("ProblemBody", schema);
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem (RFC 9457); docs/problems.md lists the types.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [ProblemAnswer.MediaType] = new() { Schema = new OpenApiSchemaReference("ProblemBody", context.Document) },
            },
        };

        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any())
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", context.Document)] = [] }];
        operation.Parameters ??= [];
        if (context.Description.RelativePath!.Contains("{epoch}", StringComparison.Ordinal))
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "epoch",
                In = ParameterLocation.Path,
                Required = true,
                Description = "2 and later; the form without it is epoch 1's.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "2" },
            });
        }
        if (metadata.OfType<SensitiveAct>().Any())
            operation.Description = "Sensitive: where a maximum age is set, the token's auth_time must not be older.";
        if (metadata.OfType<TextForm>().Any() && operation.Responses["200"].Content is { } content)
            content["text/plain"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        if (metadata.OfType<IdempotencyKeyHeader>().Any())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "Idempotency-Key",
                In = ParameterLocation.Header,
                Description = "1 to 255 visible ASCII characters. The same key with the same body gives the same answer for 24 hours.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 255 },
            });
        }
    }
}
