namespace Ledger.Verify.Json;

/// <summary>
/// The JSON Canonicalization Scheme: one JSON value, one byte string. Names sorted by UTF-16 code units, ECMAScript numbers, shortest
/// escapes.
/// What would mean different things to different readers is refused, not repaired. https://www.rfc-editor.org/rfc/rfc8785
/// </summary>
// Example: {"b": 1e2, "a": "\u20ac"} → {"a":"€","b":100}
public static class Jcs
{
    // The reader recurses; its own cap keeps any limit from above within a thread's stack.
    private const int DeepestAllowed = 1000;

    /// <param name="utf8Json">One JSON value, white space around it allowed, no byte order mark.</param>
    /// <param name="limits">Depth, and length of the result.</param>
    /// <param name="canonical">The RFC 8785 bytes; empty on failure.</param>
    /// <param name="failure"><see cref="JsonFailure.None"/> on success.</param>
    public static bool TryCanonicalize(ReadOnlySpan<byte> utf8Json, JsonLimits limits, out byte[] canonical, out JsonFailure failure)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.MaxDepth, DeepestAllowed, nameof(limits));
        var reader = new JcsReader(utf8Json, limits);
        try
        {
            failure = reader.Document();
            canonical = failure == JsonFailure.None ? reader.Canonical() : [];
            return failure == JsonFailure.None;
        }
        finally
        {
            reader.Dispose();
        }
    }
}
