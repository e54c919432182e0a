using System.Globalization;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Anchoring;

/// <summary>Rekor v1: <c>hashedrekord</c> and <c>dsse</c> 0.0.1. A log of shards: an entry has a global index, which the log's promise
/// (SET) signs, and one in its shard's tree, which the inclusion proof is for. https://docs.sigstore.dev/logging/overview</summary>
internal sealed class RekorV1Client(RekorLogOptions options, int ordinal, LogHttp http) : ITransparencyLog
{
    private readonly EntryProofs proofs = new(PinnedLog.Of(options), options.Origin is { Length: > 0 } origin ? origin : null, version: 1);

    public TrustedLog Trusted { get; } = PinnedLog.Of(options);

    public int Version => 1;

    public string Backend => "rekor-v1";

    public int Ordinal => ordinal;

    public Uri Url { get; } = options.Url!;

    public SubmissionBudget? Budget { get; } = options.Budget();

    public async Task<LoggedEntry> SubmitAsync(LogSubmission submission, CancellationToken cancel)
    {
        EntryMatch.RequireSendable(submission, Version);
        var answer = await http.AskAsync(
            LogCall.Post("api/v1/log/entries", RekorV1Messages.Proposal(submission), LogLimits.AnswerBytes, 201, 409), cancel);
        var entry = answer.Status == 201 ? Verified(RekorV1Answers.Entry(answer.Body)) : await ThereAsync(answer.Location, cancel);
        if (EntryMatch.Check(submission, entry.Entry.CanonicalizedBody) is { } other)
            throw new LogException(LogFailureClass.Log, $"the entry {entry.EntryId} is not what was submitted: {other.Text()}", other);
        return entry with { WasThere = answer.Status == 409 };
    }

    public async Task<LogCheckpoint> LatestAsync(CancellationToken cancel) => (await HeadsAsync(cancel))[0].Checkpoint;

    public async Task<IReadOnlyList<LogHead>> HeadsAsync(CancellationToken cancel)
    {
        var answer = await http.AskAsync(LogCall.Get("api/v1/log", LogLimits.AnswerBytes, 200), cancel);
        return [.. RekorV1Answers.Heads(answer.Body).Where(IsOurs).Select(head => Verified(head, answer.Date))];
    }

    public async Task<IReadOnlyList<Digest>> ConsistencyAsync(LogCheckpoint from, LogCheckpoint to, CancellationToken cancel)
    {
        if (from.Origin != to.Origin)
            throw new LogException(LogFailureClass.Log, "two shards have no common history", FailureCode.LogOriginMismatch);
        IReadOnlyList<Digest> proof = [];
        if (from.Size > 0 && from.Size < to.Size)
        {
            // Another tree's proof is asked for by its id; the newest shard is the log's default.
            var path = string.Create(CultureInfo.InvariantCulture,
                $"api/v1/log/proof?firstSize={from.Size}&lastSize={to.Size}&treeID={RekorV1Answers.TreeOf(to)}");
            proof = RekorV1Answers.Proof((await http.AskAsync(LogCall.Get(path, LogLimits.AnswerBytes, 200), cancel)).Body);
        }
        if (ConsistencyProof.Check(from.Size, from.Root, to.Size, to.Root, proof) is { } failure)
            throw new LogException(LogFailureClass.Log, $"the log's history from {from.Size} to {to.Size}: {failure.Text()}", failure);
        return proof;
    }

    public async Task<LoggedEntry?> FindAsync(string entryId, CancellationToken cancel)
    {
        if (!RekorV1Answers.IsEntryId(entryId)) return null;
        var answer = await http.AskAsync(LogCall.Get($"api/v1/log/entries/{entryId}", LogLimits.AnswerBytes, 200, 404), cancel);
        if (answer.Status == 404) return null;
        var entry = Verified(RekorV1Answers.Entry(answer.Body));
        return entry.EntryId.EndsWith(entryId, StringComparison.OrdinalIgnoreCase) ? entry : throw AnswerJson.Wrong("is another entry");
    }

    /// <summary>The entry at a global index; null where the log ends before.</summary>
    /// <exception cref="LogException">Not answered, or not verified.</exception>
    public async Task<LoggedEntry?> AtAsync(long logIndex, CancellationToken cancel)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"api/v1/log/entries?logIndex={logIndex}");
        var answer = await http.AskAsync(LogCall.Get(path, LogLimits.AnswerBytes, 200, 404), cancel);
        if (answer.Status == 404) return null;
        var entry = Verified(RekorV1Answers.Entry(answer.Body));
        return entry.Entry.LogIndex == logIndex ? entry : throw AnswerJson.Wrong("is another entry");
    }

    /// <summary>Those of the ids that the log has, ten to a request.</summary>
    /// <exception cref="LogException">Not answered, or one is not verified.</exception>
    public async Task<IReadOnlyList<LoggedEntry>> RetrieveAsync(IReadOnlyList<string> entryIds, CancellationToken cancel)
    {
        var found = new List<LoggedEntry>();
        foreach (var some in entryIds.Chunk(LogLimits.EntriesAtOnce))
        {
            var answer = await http.AskAsync(
                LogCall.Post("api/v1/log/entries/retrieve", RekorV1Messages.Retrieve(some), LogLimits.AnswerBytes, 200), cancel);
            found.AddRange(RekorV1Answers.Entries(answer.Body).Select(Verified));
        }
        return found;
    }

    public async Task<IReadOnlyList<string>> SearchAsync(Digest artifact, CancellationToken cancel)
    {
        var call = LogCall.Post("api/v1/index/retrieve", RekorV1Messages.Search(artifact), LogLimits.AnswerBytes, 200);
        return RekorV1Answers.Ids((await http.AskAsync(call, cancel)).Body);
    }

    public Task<bool> AnswersAsync(CancellationToken cancel) =>
        http.AnswersAsync(LogCall.Get("api/v1/log", LogLimits.AnswerBytes, 200), cancel);

    // 409 names the equal entry: /api/v1/log/entries/2732… . Only the id is taken from it, never the address.
    private async Task<LoggedEntry> ThereAsync(string? location, CancellationToken cancel)
    {
        var id = location?[(location.LastIndexOf('/') + 1)..] ?? "";
        if (!RekorV1Answers.IsEntryId(id)) throw AnswerJson.Wrong("says that the entry exists, but not which it is");
        return await FindAsync(id, cancel)
            ?? throw new LogException(LogFailureClass.Network, $"the log has the entry {id}, but does not show it yet");
    }

    private LoggedEntry Verified(ToldEntry told)
    {
        var checkpoint = proofs.Verify(told.Entry);
        var id = RekorV1Answers.EntryId(RekorV1Answers.TreeOf(checkpoint), MerkleHash.Leaf(told.Entry.CanonicalizedBody));
        if (!id.EndsWith(told.Id, StringComparison.OrdinalIgnoreCase)) throw AnswerJson.Wrong("has the id of another tree");
        return new LoggedEntry(told.Entry, id, told.Raw, checkpoint, WasThere: false);
    }

    // Shards of an older key are another log's to us: no entry of theirs could be verified with the pinned one.
    private bool IsOurs(ToldHead head) => head.Active || LogCheckpoint.Verify(head.Note, Trusted, out _) != FailureCode.NoteKeyUnknown;

    private LogHead Verified(ToldHead told, DateTimeOffset? date)
    {
        var checkpoint = proofs.Verify(told.Note);
        if ((checkpoint.Size, checkpoint.Root, RekorV1Answers.TreeOf(checkpoint)) != (told.Size, told.Root, told.TreeId))
            throw AnswerJson.Wrong("has a head that is not its checkpoint's");
        return new LogHead(checkpoint, told.Note, told.Active, date);
    }
}
