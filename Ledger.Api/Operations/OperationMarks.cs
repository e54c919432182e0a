using Ledger.Api.Tenancy;

namespace Ledger.Api.Operations;

/// <summary>Marks operations that take an Idempotency-Key.</summary>
internal sealed class IdempotencyKeyHeader;

/// <summary>Marks operations that answer text/plain where the caller would rather have it.</summary>
internal sealed class TextForm;

/// <summary>Marks operations that ask for a fresh sign-in where a maximum age is set.</summary>
internal sealed class SensitiveAct;

/// <summary>Marks operations that a suspended tenant may do though they are neither GET nor HEAD: they only ask, or take rights
/// away.</summary>
internal sealed class AllowedWhenSuspended;

/// <summary>Marks operations that an address may try only a few times a minute: they judge a code that could be guessed.</summary>
internal sealed class AcceptanceLimited;

/// <summary>Marks operations that no rate limit counts: probes, whose refusal would take the process out of service.</summary>
internal sealed class NeverLimited;

internal static class OperationMarks
{
    public static TBuilder WithIdempotencyKey<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new IdempotencyKeyHeader());

    public static TBuilder WithTextForm<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new TextForm());

    /// <summary>Adds <see cref="Policies.Sensitive"/> to the policies that the endpoint has.</summary>
    public static TBuilder WithSensitive<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(Policies.Sensitive).WithMetadata(new SensitiveAct());

    /// <summary>A suspended tenant may do this though it is neither GET nor HEAD.</summary>
    public static TBuilder WithAllowedWhenSuspended<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AllowedWhenSuspended());

    /// <summary>Counts this operation under the strict limit of accepting invitations, beside the others.</summary>
    public static TBuilder WithAcceptanceLimit<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new AcceptanceLimited());

    public static TBuilder WithoutRateLimit<TBuilder>(this TBuilder endpoint) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new NeverLimited());
}
