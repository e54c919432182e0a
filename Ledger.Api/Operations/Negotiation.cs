using Ledger.Core.Problems;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Operations;

/// <summary>Which of two forms of an answer the caller would rather have (RFC 9110 §12.5.1).</summary>
internal static class Negotiation
{
    private const string Json = "application/json", Text = "text/plain";

    /// <summary>JSON unless the caller would rather have text.</summary>
    /// <exception cref="LedgerProblemException">not-acceptable: neither is accepted.</exception>
    public static bool PrefersText(HttpRequest request) => Prefers(request, Text, Json);

    /// <summary>Whether the caller would rather have a form than the one that is usual here.</summary>
    /// <exception cref="LedgerProblemException">not-acceptable: neither is accepted.</exception>
    public static bool Prefers(HttpRequest request, string form, string usual)
    {
        if (request.Headers.Accept.Count == 0) return false;
        var accepted = request.GetTypedHeaders().Accept;
        var (rather, other) = (Weight(new MediaTypeHeaderValue(form), accepted), Weight(new MediaTypeHeaderValue(usual), accepted));
        if (rather.Quality <= 0 && other.Quality <= 0)
            throw new LedgerProblemException(ProblemTypes.NotAcceptable, $"{usual} and {form} are offered here.", "Accept");
        return rather.CompareTo(other) > 0;
    }

    /// <summary>The quality that the most specific matching range gives; a range that names the type wins a tie against one that only
    /// covers it.</summary>
    private static (double Quality, int Specificity) Weight(MediaTypeHeaderValue offered, IList<MediaTypeHeaderValue> accepted)
    {
        var (quality, specificity) = (0.0, -1);
        foreach (var range in accepted.Where(range => offered.IsSubsetOf(WithoutQuality(range))))
        {
            // application/json covers application/x+json too, without naming it.
            var closeness = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1
                : range.MediaType.Equals(offered.MediaType, StringComparison.OrdinalIgnoreCase) ? 3 : 2;
            if (closeness > specificity) (quality, specificity) = (range.Quality ?? 1, closeness);
        }
        return (quality, specificity);
    }

    private static MediaTypeHeaderValue WithoutQuality(MediaTypeHeaderValue range) => new(range.MediaType);
}
