using Ledger.Verify;

namespace Ledger.Core.Anchoring;

/// <summary>Who has to act on a failure.</summary>
public enum LogFailureClass
{
    /// <summary>An operator: an address, a key, or a log that is frozen. Trying the same again is no use.</summary>
    Config,

    /// <summary>Nobody, for now: no answer, an overloaded or broken server, or pushback. Never counts as an attempt.</summary>
    Network,

    /// <summary>The log answered, and its answer is a refusal or is not true.</summary>
    Log,
}

/// <summary>A log or a timestamping authority did not do what was asked. The message names no secret and fits on a line.</summary>
public sealed class LogException(LogFailureClass failure, string message, FailureCode? code = null, TimeSpan? retryAfter = null,
    Exception? inner = null) : Exception(message, inner)
{
    public LogFailureClass Class { get; } = failure;

    /// <summary>How long the log asked to be left alone.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Which proof failed, where one did.</summary>
    public FailureCode? Code { get; } = code;
}
