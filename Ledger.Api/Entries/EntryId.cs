using Ledger.Core.Problems;

namespace Ledger.Api.Entries;

/// <summary>An id as it stands in a path: <c>019bf0a5-3f3e-7c58-8f3b-0d9d5f2a1c77</c>, lower-case, one spelling.</summary>
internal static class EntryId
{
    /// <exception cref="LedgerProblemException">not-found: a malformed id answers as an unknown one.</exception>
    public static Guid Parse(string text) =>
        Guid.TryParseExact(text, "D", out var id) && id.ToString() == text ? id
            : throw new LedgerProblemException(Problems.ProblemAnswer.NotFound);
}
