using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Merkle;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>What the program would find in a <see cref="VirtualLog"/> if it were on the network.</summary>
internal static class Sweeps
{
    /// <summary>The id by which Rekor v1 names an entry: tree id, then leaf hash.</summary>
    public static string EntryId(this LogEntry entry) => "2732b5cc5d803a91" + MerkleHash.Leaf(entry.CanonicalizedBody).ToHex();

    /// <summary>An entry as Rekor v1 answers it, with a member that nobody reads.</summary>
    public static JsonObject Answer(LogEntry entry) => new()
    {
        [entry.EntryId()] = new JsonObject
        {
            ["attestation"] = new JsonObject(),
            ["body"] = Convert.ToBase64String(entry.CanonicalizedBody),
            ["integratedTime"] = entry.IntegratedTime,
            ["logID"] = entry.LogId.ToHex(),
            ["logIndex"] = entry.LogIndex,
            ["verification"] = new JsonObject
            {
                ["inclusionProof"] = new JsonObject
                {
                    ["checkpoint"] = entry.Inclusion.Checkpoint,
                    ["hashes"] = new JsonArray([.. entry.Inclusion.Hashes.Select(hash => JsonValue.Create(hash.ToHex()))]),
                    ["logIndex"] = entry.Inclusion.LogIndex,
                    ["rootHash"] = entry.Inclusion.RootHash.ToHex(),
                    ["treeSize"] = entry.Inclusion.TreeSize,
                },
                ["signedEntryTimestamp"] = Convert.ToBase64String(entry.SignedEntryTimestamp!),
            },
        },
    };

    /// <summary>What v1's search names for these keys.</summary>
    public static LogSweep Search(this VirtualLog log, TrustFile trust, SweepTargets targets, Func<LogEntry, LogEntry>? change = null)
    {
        var keys = SoughtKeys.Of(trust.Logs);
        var found = Enumerable.Range(0, log.Size).Select(index => log.Entry(index))
            .Select(entry => FoundEntry.OfVersion1(entry.EntryId(), change is null ? entry : change(entry), trust.TrustedRoot))
            .Where(entry => entry.SignedBy(keys.Hints).Any()).ToList();
        return LogSweep.OfSearch(log.Trusted, keys.Hints, found, [], targets.Unseen(log.Trusted.LogId, found));
    }

    /// <summary>A scan of v2 over all its entries, or over what is left of them.</summary>
    public static LogSweep Scan(this VirtualLog log, TrustFile trust, SweepTargets targets, Func<List<byte[]>, List<byte[]>>? change = null)
    {
        var bodies = Enumerable.Range(0, log.Size).Select(index => log.Entry(index).CanonicalizedBody).ToList();
        var head = new LogCheckpoint(log.Trusted.Origin, log.Size, log.Root(log.Size));
        var scan = new LogScan(log.Trusted, head, SoughtKeys.Of(trust.Logs), targets);
        foreach (var body in change is null ? bodies : change(bodies)) scan.Add(body);
        return scan.Finish();
    }

    /// <summary>Sweeps an export with everything that these logs hold.</summary>
    public static IReadOnlyList<FsckReport> Sweep(
        this IReadOnlyDictionary<string, byte[]> export, TrustFile trust, params VirtualLog[] logs)
    {
        return export.Sweep(trust, targets =>
            logs.Length == 0 ? null : [.. logs.Select(log => log.IsV1 ? log.Search(trust, targets) : log.Scan(trust, targets))]);
    }

    /// <summary>Sweeps an export with whatever was found.</summary>
    public static IReadOnlyList<FsckReport> Sweep(
        this IReadOnlyDictionary<string, byte[]> export, TrustFile trust, Func<SweepTargets, IReadOnlyList<LogSweep>?> found)
    {
        var sweep = new AnchorSweep(trust);
        foreach (var source in SweepSource.OfExport(VirtualLedger.FolderOf(export))) sweep.Add(source);
        return sweep.Report(found(sweep.Judge()));
    }

    public static SweepTargets Targets(this IReadOnlyDictionary<string, byte[]> export, TrustFile trust)
    {
        var targets = new SweepTargets(trust.TrustedRoot);
        foreach (var source in SweepSource.OfExport(VirtualLedger.FolderOf(export)))
            foreach (var anchor in source.Anchors) targets.Add(anchor);
        return targets;
    }

    /// <summary>The same entry in the form of v1's kind rekord, as anybody may log an anchor once more.</summary>
    public static byte[] AsRekord(byte[] data, byte[] signature, string pem)
    {
        var (digest, content) = (Digest.Sha256(data).ToHex(), Convert.ToBase64String(signature));
        var key = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
        return Encoding.ASCII.GetBytes(
            $$$$$"""{"apiVersion":"0.0.1","kind":"rekord","spec":{"data":{"hash":{"algorithm":"sha256","value":"{{{{{digest}}}}}"}},"""
            + $$$$$"""
            "signature":{"content":"{{{{{content}}}}}","format":"x509","publicKey":{"content":"{{{{{key}}}}}"}}}}
            """);
    }
}
