namespace Ledger.Verify.Verification;

/// <summary>What a run has looked at and what it found there: a check without findings passes,
/// one that was never begun is absent.</summary>
/// <param name="order">The checks, in the order of the report.</param>
internal sealed class FsckFindings(IReadOnlyList<string> order)
{
    /// <summary>The checks of a rebuilt log.</summary>
    public static readonly IReadOnlyList<string> OfLog =
    [
        CheckNames.CheckpointSignature, CheckNames.Entries, CheckNames.StatementSignature, CheckNames.Meta, CheckNames.Tree,
        CheckNames.Tiles, CheckNames.Checkpoints, CheckNames.Anchors, CheckNames.PayloadAnchors, CheckNames.TrustClaim, CheckNames.Files,
    ];

    /// <summary>The checks of a sweep.</summary>
    public static readonly IReadOnlyList<string> OfSweep =
        [CheckNames.CheckpointSignature, CheckNames.Anchors, CheckNames.Consistency, CheckNames.LogEntries];

    private readonly HashSet<string> _begun = [];
    private readonly Dictionary<string, List<Finding>> _found = [];

    public void Begin(string check) => _begun.Add(check);

    public void Add(string check, FailureCode code, string where)
    {
        _begun.Add(check);
        if (!_found.TryGetValue(check, out var list)) _found[check] = list = [];
        if (list.Count < Limits.FsckFindings) list.Add(new Finding(check, code, where));
    }

    public bool Any(string check) => _found.ContainsKey(check);

    public IReadOnlyList<Check> Checks() =>
    [
        .. order.Select(name => _found.TryGetValue(name, out var list)
            ? Check.Fail(name, list[0].Code)
            : _begun.Contains(name) ? Check.Pass(name) : Check.Absent(name)),
    ];

    public IReadOnlyList<Finding> All() => [.. order.Where(_found.ContainsKey).SelectMany(name => _found[name])];
}
