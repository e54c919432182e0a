using Ledger.Core.Jobs;

namespace Ledger.Core.People;

/// <summary>Keycloak did not do what was asked. The message names no secret and no person, and fits on a line.</summary>
/// <param name="errorClass">Network: no answer, or none of Keycloak's (5xx, 429, a proxy's page with whatever status); it passes by itself.
/// Config: a refusal, for a person to mend.</param>
/// <param name="status">HTTP's; null where there was no answer.</param>
/// <param name="retryAfter">How long to leave it alone, where it said so.</param>
/// <param name="shown">What the person's <c>last_error</c> says of it; null: what its class says.</param>
public sealed class KeycloakException(JobErrorClass errorClass, string message, int? status = null, TimeSpan? retryAfter = null,
    Exception? inner = null, string? shown = null) : Exception(message, inner)
{
    public JobErrorClass Class { get; } = errorClass;

    public int? Status { get; } = status;

    /// <summary>One of the values of <c>last_error</c>, in <see cref="PersonApplying"/>.</summary>
    public string Shown { get; } = shown ?? (errorClass == JobErrorClass.Network ? PersonApplying.Unavailable : PersonApplying.Refused);

    /// <summary>As the job's failure.</summary>
    public JobFailedException ToJobFailure() => new(Class, $"keycloak: {Message}", retryAfter, this);

    internal static KeycloakException OfUnknownProvider(string alias) => new(
        JobErrorClass.Config, $"add link: the realm has no identity provider {alias}", shown: PersonApplying.UnknownProvider);

    internal static KeycloakException OfStatus(string what, int status, byte[]? body, TimeSpan? retryAfter) => new(
        status is >= 500 or 429 or 408 || IsForeign(status, body) ? JobErrorClass.Network : JobErrorClass.Config,
        $"{what}: {status} {(IsForeign(status, body) ? "not of Keycloak" : KeycloakErrors.TextOf(body))}".TrimEnd(), status, retryAfter);

    /// <summary>Whether a refusal came from something else, such as a proxy whose Keycloak is under maintenance: what it says of a user is
    /// nothing that Keycloak said.</summary>
    internal static bool IsForeign(int status, byte[]? body) => status is >= 400 and < 500 and not (408 or 429)
        && !KeycloakErrors.IsKeycloaks(body);
}
