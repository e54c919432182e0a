using Ledger.Core.Problems;

namespace Ledger.Api.Operations;

/// <summary>JSON unless the caller would rather have text (RFC 9110 §12.5.1).</summary>
internal static class Negotiation
{
    /// <exception cref="LedgerProblemException">not-acceptable: neither is accepted.</exception>
    public static bool PrefersText(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0) return false;
        double json = -1, text = -1;
        foreach (var accepted in request.GetTypedHeaders().Accept)
        {
            var quality = accepted.Quality ?? 1;
            if (accepted.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase)) text = Math.Max(text, quality + 1e-6);
            else if (accepted.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) json = Math.Max(json, quality + 1e-6);
            else if (accepted.MatchesAllTypes) (json, text) = (Math.Max(json, quality), Math.Max(text, quality));
            else if (accepted.MediaType.Equals("text/*", StringComparison.OrdinalIgnoreCase)) text = Math.Max(text, quality);
            else if (accepted.MediaType.Equals("application/*", StringComparison.OrdinalIgnoreCase)) json = Math.Max(json, quality);
        }
        if (json <= 0 && text <= 0) throw new LedgerProblemException(ProblemTypes.NotAcceptable, "application/json and text/plain are offered here.", "Accept");
        return text > json;
    }
}
