using System.Globalization;
using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>A bundle for people: one <c>name: value</c> line per field. Values come from outside,
/// so control characters never reach the terminal.</summary>
internal static class BundleText
{
    public static void Print(Bundle bundle, Terminal terminal)
    {
        void Line(string name, object? value) => terminal.Line($"{name}: {Terminal.Printable(value?.ToString() ?? "")}");

        if (Statement.TryParse(bundle.Envelope.Payload, out var statement, out var failure))
        {
            Line("subject", statement.Subject);
            Line("payload_hash", statement.PayloadHash);
            Line("predicate_type", statement.PredicateType);
            Line("tenant", statement.Tenant);
            Line("id", statement.Id);
            Line("created_at", statement.CreatedAt + " (self-asserted)");
            Line("meta_commitment", statement.MetaCommitment);
        }
        else
        {
            Line("statement", "unreadable, " + failure.Text());
        }

        foreach (var signature in bundle.Envelope.Signatures) Line("key_id", signature.KeyId);
        Line("origin", bundle.Leaf.Origin);
        Line("seq", bundle.Leaf.Seq);
        Line("prev", bundle.Leaf.Prev);
        Line("proof", $"leaf {bundle.Proof.LeafIndex}, {bundle.Proof.Hashes.Count} hashes");
        foreach (var line in bundle.Checkpoint.TrimEnd('\n').Split('\n')) Line("checkpoint", line);
        if (bundle.Meta is { } meta) Line("meta", Encoding.UTF8.GetString(meta.Value));
        Line("anchors", bundle.Anchors?.Count ?? 0);
        foreach (var anchor in bundle.Anchors ?? []) Line("anchor", Anchor(anchor));
        Line("payload_anchors", bundle.PayloadAnchors?.Count ?? 0);
        foreach (var anchor in bundle.PayloadAnchors ?? []) Line("payload_anchor", Anchor(anchor));
    }

    private static string Anchor(byte[] file)
    {
        if (!SigstoreBundle.TryParse(file, out var anchor, out var failure)) return "unreadable, " + failure.Text();
        var entries = anchor.Entries.Select(entry => string.Create(CultureInfo.InvariantCulture,
            $"{entry.Kind} {entry.Version} in log {entry.LogId} at {entry.LogIndex}{Integrated(entry)}"));
        return string.Join("; ", entries.Append(string.Create(CultureInfo.InvariantCulture, $"{anchor.Timestamps.Count} timestamps")));
    }

    private static string Integrated(LogEntry entry) => entry.IntegratedTime is > 0 and <= 253_402_300_799
        ? $", integrated {DateTimeOffset.FromUnixTimeSeconds(entry.IntegratedTime):yyyy-MM-ddTHH:mm:ssZ}"
        : "";
}
