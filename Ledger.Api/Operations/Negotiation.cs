using Ledger.Core.Problems;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Operations;

/// <summary>JSON unless the caller would rather have text (RFC 9110 §12.5.1).</summary>
internal static class Negotiation
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue Text = new("text/plain");

    /// <exception cref="LedgerProblemException">not-acceptable: neither is accepted.</exception>
    public static bool PrefersText(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0) return false;
        var accepted = request.GetTypedHeaders().Accept;
        var (json, text) = (Weight(Json, accepted), Weight(Text, accepted));
        if (json.Quality <= 0 && text.Quality <= 0)
            throw new LedgerProblemException(ProblemTypes.NotAcceptable, "application/json and text/plain are offered here.", "Accept");
        return text.CompareTo(json) > 0;
    }

    /// <summary>The quality that the most specific matching range gives; a range that names the type wins a tie against one that only
    /// covers it.</summary>
    private static (double Quality, int Specificity) Weight(MediaTypeHeaderValue offered, IList<MediaTypeHeaderValue> accepted)
    {
        var (quality, specificity) = (0.0, -1);
        foreach (var range in accepted.Where(range => offered.IsSubsetOf(WithoutQuality(range))))
        {
            var closeness = range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2;
            if (closeness > specificity) (quality, specificity) = (range.Quality ?? 1, closeness);
        }
        return (quality, specificity);
    }

    private static MediaTypeHeaderValue WithoutQuality(MediaTypeHeaderValue range) => new(range.MediaType);
}
