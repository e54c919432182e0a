using System.Text;
using Ledger.Verify.Checkpoints;

namespace Ledger.Verify.Verification;

/// <summary>
/// Judges the anchors of an export as the log is rebuilt: an anchor of size n when the tree has n leaves, since only then is its body
/// known; a payload anchor beside its entry.
/// </summary>
internal sealed class FsckAnchors
{
    private readonly LogFolder _folder;
    private readonly FsckFindings _findings;
    private readonly AnchorVerifier _verifier;
    private readonly TrustLog _log;
    private readonly Checkpoint _head;
    private readonly AnchorKeys _anchorKeys, _payloadKeys;
    private readonly AnchorFile[] _checkpoints, _payloads;
    private readonly HashSet<Digest> _witnesses = [], _stamps = [];
    private int _nextCheckpoint, _nextPayload;

    public FsckAnchors(LogFolder folder, FsckFindings findings, TrustFile trust, TrustLog log, Checkpoint head)
    {
        (_folder, _findings, _log, _head) = (folder, findings, log, head);
        _verifier = new AnchorVerifier(trust.TrustedRoot);
        _anchorKeys = new AnchorKeys(log.AnchorKeys, log.PayloadKeys ?? []);
        _payloadKeys = new AnchorKeys(log.PayloadKeys ?? [], log.AnchorKeys);
        _checkpoints = Files(ExportLayout.AnchorsFolder);
        _payloads = Files(ExportLayout.PayloadAnchorsFolder);
    }

    /// <summary>Judges the anchors of the size that the tree has now.</summary>
    public void AtSize(long size, Func<Digest> root)
    {
        for (; _nextCheckpoint < _checkpoints.Length && _checkpoints[_nextCheckpoint].Position == size; _nextCheckpoint++)
        {
            var body = new Checkpoint(_log.Origin, size, root()).Body();
            var report = Judge(CheckNames.Anchors, _checkpoints[_nextCheckpoint], Digest.Sha256(Encoding.UTF8.GetBytes(body)), _anchorKeys);
            if (size != _head.Size || report?.Witness is not { } witness) continue;
            _witnesses.Add(witness);
            _stamps.UnionWith(report.TimestampedBy);
        }
    }

    /// <summary>Judges the payload anchors of an entry.</summary>
    /// <param name="seq">The entry's position.</param>
    /// <param name="payloadHash">Its statement's; null when the statement cannot be read.</param>
    public void AtEntry(long seq, Digest? payloadHash)
    {
        for (; _nextPayload < _payloads.Length && _payloads[_nextPayload].Position == seq; _nextPayload++)
        {
            if (payloadHash is { } hash) Judge(CheckNames.PayloadAnchors, _payloads[_nextPayload], hash, _payloadKeys);
            else _findings.Add(CheckNames.PayloadAnchors, FailureCode.StatementMalformed, _payloads[_nextPayload].Path);
        }
    }

    /// <summary>What is left when all leaves have passed belongs to no size and no entry of this log.</summary>
    public void Finish()
    {
        foreach (var file in _checkpoints[_nextCheckpoint..]) AddLeft(CheckNames.Anchors, file, file.Position > _head.Size);
        foreach (var file in _payloads[_nextPayload..]) AddLeft(CheckNames.PayloadAnchors, file, file.Position >= _head.Size);
    }

    /// <summary>Whether the newest checkpoint has the witnesses that the policy asks for, and at least one.</summary>
    public bool HeadIsAnchored(TrustPolicy policy) =>
        _witnesses.Count > 0 && _witnesses.Count >= policy.Anchors && _stamps.Count >= policy.Timestamps;

    // Not beyond the head, and yet left: the entries ended too early.
    private void AddLeft(string check, AnchorFile file, bool isBeyond) =>
        _findings.Add(check, isBeyond ? FailureCode.AnchorBeyondHead : FailureCode.EntryMissing, file.Path);

    private AnchorFile[] Files(string folder) =>
    [
        .. (_folder.Listing ?? [])
            .Select(path => ExportLayout.TryParseAnchor(path, folder, out var file) ? file : null)
            .OfType<AnchorFile>()
            .OrderBy(file => file.Position).ThenBy(file => file.Path, StringComparer.Ordinal),
    ];

    private AnchorReport? Judge(string check, AnchorFile file, Digest digest, AnchorKeys keys)
    {
        _findings.Begin(check);
        if (_folder.Read(file.Path, Limits.BundleBytes) is not { } bytes)
        {
            _findings.Add(check, FailureCode.FileMissing, file.Path);
            return null;
        }

        var report = _verifier.Verify(bytes, digest, keys);
        if (report.Failure is { } wrong) _findings.Add(check, wrong, file.Path);
        else if (report.Witness != file.LogId || report.LogIndex != file.Index)
            _findings.Add(check, FailureCode.AnchorNameMismatch, file.Path);
        else return report;
        return null;
    }
}
