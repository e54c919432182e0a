using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.Rekor1.Answers;

namespace Ledger.DevHost.Emulators.Rekor1.Routes;

/// <summary>Query parameters, checked as the real server's generated code checks them.</summary>
internal static partial class Parameter
{
    /// <summary>An int64 of at least <paramref name="minimum"/>; null with no refusal: it is not there.</summary>
    public static (long? Value, Rekor1Answer? Refusal) Number(IQueryCollection query, string name, long minimum)
    {
        var text = query[name].LastOrDefault();
        if (string.IsNullOrEmpty(text))
            return (null, null);
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            return (null, Rekor1Answer.Invalid(601, $"{name} in query must be of type int64: \"{text}\""));
        return value >= minimum
            ? (value, null)
            : (null, Rekor1Answer.Invalid(609, $"{name} in query should be greater than or equal to {minimum}"));
    }

    /// <summary>The same, but it has to be there.</summary>
    public static (long? Value, Rekor1Answer? Refusal) RequiredNumber(IQueryCollection query, string name, long minimum)
    {
        var (value, refusal) = Number(query, name, minimum);
        return value is null && refusal is null
            ? (null, Rekor1Answer.Invalid(602, $"{name} in query is required"))
            : (value, refusal);
    }

    /// <summary>Digits, or null.</summary>
    public static (string? Value, Rekor1Answer? Refusal) TreeId(IQueryCollection query)
    {
        var text = query["treeID"].LastOrDefault();
        if (string.IsNullOrEmpty(text))
            return (null, null);
        return Digits().IsMatch(text) ? (text, null) : (null, Rekor1Answer.Invalid(605, "treeID in query should match '^[0-9]+$'"));
    }

    [GeneratedRegex("^[0-9]+$")]
    private static partial Regex Digits();
}
