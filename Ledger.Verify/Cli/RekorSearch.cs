using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>Asks a Rekor v1 for every entry under some keys, by its search index.</summary>
internal sealed class RekorSearch(HttpLog server, TrustFile trust)
{
    /// <summary>As many entries as the server answers at once.</summary>
    private const int EntriesAtOnce = 10;

    /// <summary>Asks for everything, before the list is read.</summary>
    /// <returns>What is left to do after it: an anchor that was made in between is in the list, and asked for once more.</returns>
    public Func<SweepTargets, LogSweep> Begin(SoughtKeys keys)
    {
        var head = server.Folder.Read("api/v1/log", Limits.NoteBytes);
        var note = head is null ? null : RekorAnswers.SignedTreeHead(head);
        if (note is null || LogSweep.LogOf(note, trust.TrustedRoot, out _) is not { } log)
            return _ => LogSweep.OfUnknownLog(server.Address);

        var (found, failures) = Look(keys);
        return targets =>
        {
            var unseen = targets.Unseen(log.LogId, found);
            if (unseen.Any()) unseen = targets.Unseen(log.LogId, [.. found, .. Look(keys).Found]);
            return LogSweep.OfSearch(log, keys.Hints, found, failures, unseen);
        };
    }

    private (List<FoundEntry> Found, List<(string, FailureCode)> Failures) Look(SoughtKeys keys)
    {
        var byKey = keys.Pems.SelectMany(pem => Search(RekorAnswers.SearchByKey(pem))).ToHashSet();
        var ids = keys.Pems.SelectMany(pem => Search(RekorAnswers.SearchByKeyHash(pem))).Union(byKey).ToArray();
        var (found, failures) = (new List<FoundEntry>(), new List<(string, FailureCode)>());
        foreach (var some in ids.Chunk(EntriesAtOnce))
        {
            var entries = RekorAnswers.Entries(server.Post("api/v1/log/entries/retrieve", RekorAnswers.Retrieve(some)))
                ?? throw server.Unreadable("api/v1/log/entries/retrieve");
            foreach (var id in some)
            {
                var answers = RekorAnswers.Of(entries, id);
                if (answers.Count == 0) failures.Add((id, FailureCode.SweepAnswerMalformed));
                foreach (var (name, entry) in answers)
                {
                    var one = FoundEntry.OfVersion1(name, entry, trust.TrustedRoot);
                    // Another entry than the one that was asked for hides that one, whoever has signed it.
                    if (!FoundEntry.IsNamed(name, entry)) failures.Add((name, FailureCode.SweepAnswerMalformed));
                    else if (one.SignedBy(keys.Hints).Any()) found.Add(one);
                    // Under the key by the log's word, in a form that nobody here can judge. (By its hash alone it may be anybody's.)
                    else if (byKey.Contains(id) && !SweptBody.TryParse(one.Body, out _))
                        failures.Add((name, FailureCode.LogBodyKindUnknown));
                }
            }
        }

        return (found, failures);
    }

    private IReadOnlyList<string> Search(byte[] request) =>
        RekorAnswers.EntryIds(server.Post("api/v1/index/retrieve", request)) ?? throw server.Unreadable("api/v1/index/retrieve");
}
