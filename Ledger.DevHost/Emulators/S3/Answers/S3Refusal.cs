namespace Ledger.DevHost.Emulators.S3.Answers;

/// <summary>Ends a request with an error.</summary>
#pragma warning disable CA1032 // Thrown and caught in this folder alone; it means nothing without its error.
internal sealed class S3Refusal(S3Error error) : Exception(error.Message)
#pragma warning restore CA1032
{
    public S3Error Error { get; } = error;

    /// <summary>Refused before it was known what bucket and key it is about: the answer names neither.</summary>
    public bool Bare { get; init; }

    /// <summary>The key that is meant where it is not the one of the path: a copy's source.</summary>
    public string? Key { get; init; }

    /// <summary>Further headers of the answer, such as the ETag that a condition met.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Further elements of the error, before <c>Code</c> when they name an argument, else at its end.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; init; } = [];

    /// <summary>A HEAD is told by the length of a body that it does not get, rather than by X-Minio-Error-Code.</summary>
    public bool AnnouncesBody { get; init; }
}
