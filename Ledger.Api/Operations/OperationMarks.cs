namespace Ledger.Api.Operations;

/// <summary>Marks operations that take an Idempotency-Key.</summary>
internal sealed class IdempotencyKeyHeader;

/// <summary>Marks operations that answer text/plain where the caller would rather have it.</summary>
internal sealed class TextForm;

internal static class OperationMarks
{
    public static TBuilder WithIdempotencyKey<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new IdempotencyKeyHeader());

    public static TBuilder WithTextForm<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new TextForm());
}
