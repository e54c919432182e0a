using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Anchoring;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>A Sigstore in memory, from which cases are made.</summary>
internal sealed class World
{
    public static readonly byte[] Artifact = "an artifact\n"u8.ToArray();

    public VirtualLog V1 { get; } = VirtualLog.Rekor1().Fill(3);

    public VirtualLog V2 { get; } = VirtualLog.Rekor2().Fill(3);

    public VirtualLog Stranger { get; } = VirtualLog.Rekor1("stranger.virtual.test").Fill(2);

    public VirtualTsa Tsa { get; } = new();

    public VirtualSigner Signer { get; } = new("signer");

    public byte[] Root => new TrustedRoot([V1.Trusted, V2.Trusted], [Tsa.Trusted]).ToBytes();

    /// <summary>A hashedrekord bundle that is right.</summary>
    public SigstoreBundle Right(VirtualLog log) => VirtualAnchor.Of(log, Signer, Artifact, log.IsV1 ? null : Tsa);

    /// <summary>An envelope over a statement about the artifact.</summary>
    public SigstoreBundle Envelope(VirtualLog log, byte[]? statement = null, string keyId = "") =>
        VirtualAnchor.OfStatement(log, Signer, statement ?? VirtualAnchor.Statement(Digest.Sha256(Artifact)), keyId);

    public JudgedBundle Judged(string name, SigstoreBundle bundle, byte[]? root = null, string? pem = null) =>
        Judged(name, bundle.ToBytes(), root, pem);

    public JudgedBundle Judged(string name, byte[] bundle, byte[]? root = null, string? pem = null) =>
        new(name, bundle, root ?? Root, pem ?? Signer.Pem, Artifact);

    /// <summary>The right bundle with its one entry changed.</summary>
    public SigstoreBundle With(VirtualLog log, Func<LogEntry, LogEntry> change)
    {
        var right = Right(log);
        return right with { Entries = [change(right.Entries[0])] };
    }

    /// <summary>The entry with another note, its proof untouched.</summary>
    public static LogEntry WithNote(LogEntry entry, string note) => entry with { Inclusion = entry.Inclusion with { Checkpoint = note } };

    /// <summary>Its trusted root with something changed.</summary>
    public byte[] RootWith(Action<JsonNode> change) => Changed(Root, change);

    public static byte[] Changed(byte[] json, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(json)!;
        change(node);
        return Encoding.UTF8.GetBytes(node.ToJsonString());
    }
}
