namespace Ledger.Verify.Json;

/// <summary>What a JSON reader accepts at most.</summary>
/// <param name="MaxDepth">Nested objects and arrays; a bare <c>{}</c> is depth 1, a bare number depth 0.</param>
/// <param name="MaxBytes">Length of the RFC 8785 form.</param>
public readonly record struct JsonLimits(int MaxDepth, int MaxBytes);

/// <summary>Why a JSON text was refused.</summary>
public enum JsonFailure
{
    None = 0,

    /// <summary>Not RFC 8259 grammar.</summary>
    Malformed,

    /// <summary>Something other than white space after the value.</summary>
    TrailingData,

    /// <summary>A string whose bytes are not UTF-8.</summary>
    InvalidUtf8,

    /// <summary>An escape that names half of a surrogate pair.</summary>
    LoneSurrogate,

    /// <summary>U+0000 in a string: half of the world's software ends the string there.</summary>
    NulCharacter,

    /// <summary>An object with the same name twice.</summary>
    DuplicateName,

    /// <summary>A number that a double does not hold exactly as written.</summary>
    NumberNotExact,

    /// <summary>Nested deeper than the limit.</summary>
    TooDeep,

    /// <summary>Longer than the limit, in its RFC 8785 form.</summary>
    TooBig,

    /// <summary>A member that the document does not have, or lacks, or of another type.</summary>
    WrongShape,
}
