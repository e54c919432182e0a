using System.Text;
using Ledger.Core.Anchoring;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;

namespace Ledger.Testing.Anchoring;

/// <summary>A transparency log without a server: a real Merkle tree behind the interface of the clients, which a test can make lie, stop or
/// forget. Its notes are not signed: what clients verify is their own tests' matter.</summary>
public sealed class ScriptedLog(string name = "log.test", int ordinal = 0) : ITransparencyLog
{
    private readonly List<Digest> leaves = [];

    public TrustedLog Trusted { get; } = new(Digest.Sha256(Encoding.UTF8.GetBytes(name)), name, [], DateTimeOffset.UnixEpoch, null);

    public int Version { get; set; } = 1;

    public string Backend => "rekor-v1";

    public int Ordinal => ordinal;

    public Uri Url { get; } = new($"http://{name}");

    public SubmissionBudget? Budget { get; set; }

    public string Origin => $"{name} - 1";

    public string Id => Trusted.LogId.ToHex();

    /// <summary>Thrown by every call, where it is set.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How many consistency proofs to refuse from now on, right or wrong.</summary>
    public int WrongProofs { get; set; }

    public bool Answers { get; set; } = true;

    /// <summary>Runs in every <see cref="AnswersAsync"/>.</summary>
    public Func<CancellationToken, Task>? WhileAsked { get; set; }

    public int Asked => asked;

    public DateTimeOffset? ServerTime { get; set; }

    private int asked, proofs;

    /// <summary>How often a consistency proof was asked for.</summary>
    public int Proofs => proofs;

    public void Grow(int entries = 1)
    {
        for (var i = 0; i < entries; i++) leaves.Add(MerkleHash.Leaf(Encoding.UTF8.GetBytes($"{name} {leaves.Count}")));
    }

    /// <summary>Puts another tree in the place of the first entries: what a log that was rebuilt looks like.</summary>
    public void Rewrite(int at) => leaves[at] = MerkleHash.Leaf("rewritten"u8);

    public void Shrink(int to) => leaves.RemoveRange(to, leaves.Count - to);

    public LogCheckpoint CheckpointAt(int size) => new(Origin, size, RootOf([.. leaves.Take(size)]));

    public LogCheckpoint Checkpoint => CheckpointAt(leaves.Count);

    public static string NoteOf(LogCheckpoint checkpoint) => $"{checkpoint.Origin}\n{checkpoint.Size}\n{checkpoint.Root}\n";

    /// <summary>An entry whose proof ends in this checkpoint.</summary>
    public LoggedEntry Entry(LogCheckpoint checkpoint, DateTimeOffset? integrated = null, bool wasThere = false)
    {
        var inclusion = new LogInclusion(0, checkpoint.Root, checkpoint.Size, [], NoteOf(checkpoint));
        var entry = new LogEntry(0, Trusted.LogId, "hashedrekord", "0.0.1", integrated?.ToUnixTimeSeconds() ?? 0, null, inclusion, []);
        return new LoggedEntry(entry, "id", [], checkpoint, wasThere);
    }

    public Task<LogCheckpoint> LatestAsync(CancellationToken cancel) => Failure is { } e ? throw e : Task.FromResult(Checkpoint);

    public Task<IReadOnlyList<LogHead>> HeadsAsync(CancellationToken cancel) => Failure is { } e ? throw e
        : Task.FromResult<IReadOnlyList<LogHead>>([new LogHead(Checkpoint, NoteOf(Checkpoint), true, ServerTime)]);

    public Task<IReadOnlyList<Digest>> ConsistencyAsync(LogCheckpoint from, LogCheckpoint to, CancellationToken cancel)
    {
        Interlocked.Increment(ref proofs);
        if (Failure is { } e) throw e;
        var (older, newer) = from.Size <= to.Size ? (from, to) : (to, from);
        var honest = newer.Size <= leaves.Count && CheckpointAt((int)older.Size) == older && CheckpointAt((int)newer.Size) == newer;
        if (!honest || WrongProofs-- > 0)
            throw new LogException(LogFailureClass.Log, "not consistent", FailureCode.ConsistencyFromRootMismatch);
        return Task.FromResult<IReadOnlyList<Digest>>([]);
    }

    public async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        Interlocked.Increment(ref asked);
        if (WhileAsked is { } act) await act(cancel);
        return Answers;
    }

    public Task<LoggedEntry> SubmitAsync(LogSubmission submission, CancellationToken cancel) => throw new NotSupportedException();

    public Task<LoggedEntry?> FindAsync(string entryId, CancellationToken cancel) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> SearchAsync(Digest artifact, CancellationToken cancel) => throw new NotSupportedException();

    private static Digest RootOf(List<Digest> hashes)
    {
        if (hashes.Count == 0) return MerkleHash.EmptyRoot;
        var edge = new RightEdge();
        foreach (var hash in hashes) edge.Append(hash);
        return edge.Root();
    }
}
