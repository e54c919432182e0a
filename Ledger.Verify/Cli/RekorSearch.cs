using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>Asks a Rekor v1 for every entry under some keys, by its search index.</summary>
internal sealed class RekorSearch(HttpLog server, TrustFile trust)
{
    /// <summary>As many entries as the server answers at once.</summary>
    private const int EntriesAtOnce = 10;

    public LogSweep Sweep(IReadOnlyCollection<string> pems, IReadOnlySet<string> hints, SweepTargets targets)
    {
        var head = server.Folder.Read("api/v1/log", Limits.NoteBytes);
        var note = head is null ? null : RekorAnswers.SignedTreeHead(head);
        if (note is null || LogSweep.LogOf(note, trust.TrustedRoot, out _) is not { } log) return LogSweep.OfUnknownLog(server.Address);

        var byKey = pems.SelectMany(pem => Search(RekorAnswers.SearchByKey(pem))).ToHashSet();
        var ids = pems.SelectMany(pem => Search(RekorAnswers.SearchByKeyHash(pem))).Union(byKey).ToArray();
        var (found, failures) = (new List<FoundEntry>(), new List<(string, FailureCode)>());
        foreach (var some in ids.Chunk(EntriesAtOnce))
        {
            var entries = RekorAnswers.Entries(server.Post("api/v1/log/entries/retrieve", RekorAnswers.Retrieve(some)))
                ?? throw server.Unreadable("api/v1/log/entries/retrieve");
            foreach (var id in some)
            {
                // The last 64 digits are the leaf's hash; the tree's id before them is not always said.
                var (name, entry) = entries.FirstOrDefault(one => one.Key.EndsWith(id[^64..], StringComparison.Ordinal));
                var one = entry is null ? null : FoundEntry.OfVersion1(name, entry, trust.TrustedRoot);
                if (one is null) failures.Add((id, FailureCode.SweepAnswerMalformed));
                else if (one.SignedBy(hints).Any()) found.Add(one);
                // Under the key by the log's word, in a form that nobody here can judge. (By its hash alone it may be anybody's.)
                else if (byKey.Contains(id) && !SweptBody.TryParse(one.Body, out _))
                    failures.Add((name, FailureCode.LogBodyKindUnknown));
            }
        }

        return LogSweep.OfSearch(log, found, failures, targets);
    }

    private IReadOnlyList<string> Search(byte[] request) =>
        RekorAnswers.EntryIds(server.Post("api/v1/index/retrieve", request)) ?? throw server.Unreadable("api/v1/index/retrieve");
}
