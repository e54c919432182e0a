using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Ledger.Core.Anchoring;

/// <summary>A status that the call did not expect, before it is known what it means.</summary>
internal sealed class LogRefusal(int status, string reason, TimeSpan? retryAfter) : Exception($"status {status}: {reason}")
{
    public int Status { get; } = status;

    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Who has to act. What is neither pushback nor a broken server is refused again the next time.</summary>
    public LogFailureClass Class => Status switch
    {
        408 or 425 or 429 or >= 500 => LogFailureClass.Network,
        400 or 409 or 413 or 415 or 422 => LogFailureClass.Log,
        _ => LogFailureClass.Config,
    };

    /// <summary>The server's own words, on one line and cut. v1: <c>{"code":400,"message":"…"}</c>; v2:
    /// <c>{"code":3, "message":"…", "details":[]}</c>; either may be plain text, a proxy's may be anything.</summary>
    public static string Reason(ReadOnlyMemory<byte> body)
    {
        var line = Line(Said(body) ?? Encoding.UTF8.GetString(body.Span));
        return line.Length == 0 ? "no reason given" : line;
    }

    /// <summary>Foreign words on one line, cut.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, LogLimits.MessageCharacters));
        foreach (var c in text.AsSpan().Trim())
        {
            if (line.Length == LogLimits.MessageCharacters) break;
            line.Append(char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c);
        }
        return line.ToString();
    }

    /// <summary>Seconds or a date; capped, never negative.</summary>
    public static TimeSpan? Pause(RetryConditionHeaderValue? header, DateTimeOffset now)
    {
        var asked = header?.Delta ?? (header?.Date is { } date ? date - now : null);
        return asked is null ? null
            : asked < TimeSpan.Zero ? TimeSpan.Zero
            : asked > LogLimits.RetryAfter ? LogLimits.RetryAfter
            : asked;
    }

    private static string? Said(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("message", out var message)
                && message.ValueKind == JsonValueKind.String ? message.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // the latter: a string of half a surrogate pair
        {
            return null;
        }
    }
}
