using System.Globalization;
using System.Text;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Core.Anchoring;

/// <summary>Rekor v2: <c>hashedrekord</c> 0.0.2 and nothing else. It answers once a checkpoint covers the entry; what is read again is
/// static files, from which we make the proofs. It gives no time: a timestamp goes beside the entry.</summary>
internal sealed class RekorV2Client(RekorLogOptions options, int ordinal, LogHttp http, TimeProvider time) : ITransparencyLog
{
    // A log publishes a checkpoint every few seconds; a repeated entry may be ahead of the newest.
    private static readonly TimeSpan CheckpointPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly EntryProofs proofs = new(PinnedLog.Of(options), options.Origin, version: 2);
    private readonly RekorV2Tiles tiles = new(http);

    public TrustedLog Trusted { get; } = PinnedLog.Of(options);

    public int Version => 2;

    public string Backend => "rekor-v2";

    public int Ordinal => ordinal;

    public Uri Url { get; } = options.Url!;

    public SubmissionBudget? Budget { get; } = options.Budget();

    public async Task<LoggedEntry> SubmitAsync(LogSubmission submission, CancellationToken cancel)
    {
        EntryMatch.RequireSendable(submission, Version);
        var answer = await http.AskAsync(
            LogCall.Post("api/v2/log/entries", RekorV2Messages.HashedRekord(submission), LogLimits.AnswerBytes, 201, 405, 409), cancel);
        if (answer.Status == 405)
            throw new LogException(LogFailureClass.Config, "the log is frozen and takes no more entries: configure its successor");
        var entry = answer.Status == 201 ? Verified(RekorV2Messages.Entry(answer.Body), answer.Body)
            : await ThereAsync(answer.LogIndex, cancel);
        if (EntryMatch.Check(submission, entry.Entry.CanonicalizedBody) is { } other)
            throw new LogException(LogFailureClass.Log, $"the entry {entry.EntryId} is not what was submitted: {other.Text()}", other);
        return entry with { WasThere = answer.Status == 409 };
    }

    public async Task<LogCheckpoint> LatestAsync(CancellationToken cancel) => (await HeadAsync(cancel)).Checkpoint;

    public async Task<IReadOnlyList<LogHead>> HeadsAsync(CancellationToken cancel) => [await HeadAsync(cancel)];

    public async Task<IReadOnlyList<Digest>> ConsistencyAsync(LogCheckpoint from, LogCheckpoint to, CancellationToken cancel)
    {
        if (from.Origin != to.Origin)
            throw new LogException(LogFailureClass.Log, "two logs have no common history", FailureCode.LogOriginMismatch);
        IReadOnlyList<Digest> proof = [];
        if (from.Size > 0 && from.Size < to.Size)
        {
            var nodes = await tiles.NodesAsync(ConsistencyProof.Plan(from.Size, to.Size), to.Size, cancel);
            proof = ConsistencyProof.Build(from.Size, to.Size, nodes);
        }
        if (ConsistencyProof.Check(from.Size, from.Root, to.Size, to.Root, proof) is { } failure)
            throw new LogException(LogFailureClass.Log, $"the log's history from {from.Size} to {to.Size}: {failure.Text()}", failure);
        return proof;
    }

    public async Task<LoggedEntry?> FindAsync(string entryId, CancellationToken cancel)
    {
        if (entryId.Split(':') is not [var log, var digits] || !Digest.TryParseHex(log, out var id) || id != Trusted.LogId
            || !TryIndex(digits, out var index)) return null;
        var head = await HeadAsync(cancel);
        return index < head.Checkpoint.Size ? await AtAsync(index, head, cancel) : null;
    }

    public Task<IReadOnlyList<string>> SearchAsync(Digest artifact, CancellationToken cancel) =>
        throw new NotSupportedException("A Rekor v2 log has no index to search.");

    public Task<bool> AnswersAsync(CancellationToken cancel) => http.AnswersAsync(CheckpointCall(), cancel);

    // The answer was lost, or somebody was quicker: the entry has an index already, but perhaps no checkpoint yet.
    private async Task<LoggedEntry> ThereAsync(string? logIndex, CancellationToken cancel)
    {
        if (!TryIndex(logIndex, out var index)) throw AnswerJson.Wrong("says that the entry exists, but not where (x-log-index)");
        var end = time.GetUtcNow() + CheckpointPatience;
        while (true)
        {
            var head = await HeadAsync(cancel);
            if (index < head.Checkpoint.Size) return await AtAsync(index, head, cancel);
            if (time.GetUtcNow() >= end)
                throw new LogException(LogFailureClass.Network, $"entry {index} is there, the checkpoint has {head.Checkpoint.Size}");
            await Task.Delay(BetweenLooks, time, cancel);
        }
    }

    /// <summary>Plan, read, build: the entry with a proof for this head.</summary>
    private async Task<LoggedEntry> AtAsync(long index, LogHead head, CancellationToken cancel)
    {
        var size = head.Checkpoint.Size;
        var plan = InclusionProof.Plan(index, size);
        var body = await tiles.EntryAsync(index, size, cancel);
        var hashes = InclusionProof.Build(index, size, await tiles.NodesAsync(plan, size, cancel));
        var entry = new LogEntry(index, Trusted.LogId, RekorV2Messages.Kind, RekorV2Messages.KindVersion, 0, null,
            new LogInclusion(index, head.Checkpoint.Root, size, hashes, head.Note), body);
        return Verified(entry, RekorV2Messages.Answer(entry));
    }

    private LoggedEntry Verified(LogEntry entry, byte[] raw)
    {
        if (entry.LogIndex != entry.Inclusion.LogIndex)
            throw new LogException(LogFailureClass.Log, "the entry and its proof name different indexes", FailureCode.LogIndexMismatch);
        if (!LogBody.TryParse(entry.CanonicalizedBody, out var content, out var failure))
            throw new LogException(LogFailureClass.Log, $"the entry's body: {failure.Text()}", failure);
        if ((entry.Kind, entry.Version) != (content.Kind, content.Version))
            throw new LogException(LogFailureClass.Log, "the entry's body is of another kind than it says", FailureCode.LogBodyKindUnknown);
        var checkpoint = proofs.Verify(entry);
        var id = string.Create(CultureInfo.InvariantCulture, $"{Trusted.LogId}:{entry.LogIndex}");
        return new LoggedEntry(entry, id, raw, checkpoint, WasThere: false);
    }

    private async Task<LogHead> HeadAsync(CancellationToken cancel)
    {
        var answer = await http.AskAsync(CheckpointCall(), cancel);
        var note = NoteText(answer.Body);
        return new LogHead(proofs.Verify(note), note, Active: true, answer.Date);
    }

    private static LogCall CheckpointCall() => LogCall.Get("api/v2/checkpoint", LogLimits.CheckpointBytes, 200) with { Accept = "*/*" };

    private static string NoteText(byte[] note)
    {
        try { return Utf8.GetString(note); }
        catch (ArgumentException e)
        {
            throw new LogException(LogFailureClass.Log, "the checkpoint is not UTF-8", FailureCode.NoteMalformed, null, e);
        }
    }

    private static bool TryIndex(string? digits, out long index) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out index) && index is >= 0 and <= Limits.MaxSafeInteger;
}
