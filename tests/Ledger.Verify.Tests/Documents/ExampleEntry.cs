using System.Text;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Documents;

/// <summary>One entry of the log that docs/formats.md shows: everything about it follows from its seq.</summary>
internal sealed class ExampleEntry
{
    public const string Origin = "ledger.localhost/log/demo";
    public const string Tenant = "demo";

    /// <summary>RFC 8032 seeds: 32 times one byte, so that anybody can make the same keys.</summary>
    public static readonly byte[] EntrySeed = [.. Enumerable.Repeat((byte)1, 32)];
    public static readonly byte[] CheckpointSeed = [.. Enumerable.Repeat((byte)2, 32)];

    public static readonly byte[] PublicKey = Ed25519.PublicKeyOf(EntrySeed);
    public static readonly string KeyId = SshFingerprint.OfEd25519(PublicKey);

    public ExampleEntry(int seq, Digest prev)
    {
        Payload = seq == 0 ? "Hello World" : $"Hello World {seq}";
        Meta = $$"""{"user_id":"{{12345 + seq}}"}""";
        Salt = [.. Enumerable.Repeat((byte)(0xA0 + seq), 32)];
        var at = new DateTimeOffset(2026, 1, 27, 9, 8, 7, TimeSpan.Zero).AddTicks(1_234_567).AddSeconds(seq);
        var milliseconds = at.ToUnixTimeMilliseconds().ToString("x12", System.Globalization.CultureInfo.InvariantCulture);
        var id = $"{milliseconds[..8]}-{milliseconds[8..]}-7000-8000-{seq:d12}";
        Statement = new Statement("user-action", Digest.Sha256(Encoding.UTF8.GetBytes(Payload)), PredicateTypes.Entry, Tenant, id,
            LedgerTime.Format(at), MetaCommitment.Of(Encoding.UTF8.GetBytes(Meta), Salt));
        StatementBytes = Statement.ToBytes();
        Pae = Dsse.Pae(Dsse.InTotoPayloadType, StatementBytes);
        Signature = Ed25519.Sign(EntrySeed, Pae);
        Leaf = new Leaf(Origin, seq, prev, Digest.Sha256(StatementBytes), KeyId, Signature);
        LeafHash = Leaf.Hash();
    }

    public string Payload { get; }

    public string Meta { get; }

    public byte[] Salt { get; }

    public Statement Statement { get; }

    public byte[] StatementBytes { get; }

    public byte[] Pae { get; }

    public byte[] Signature { get; }

    public Leaf Leaf { get; }

    public Digest LeafHash { get; }

    /// <summary>The first entries of the log, chained.</summary>
    public static IReadOnlyList<ExampleEntry> Log(int count)
    {
        var log = new List<ExampleEntry>();
        for (var seq = 0; seq < count; seq++) log.Add(new ExampleEntry(seq, seq == 0 ? Digest.Zero : log[^1].LeafHash));
        return log;
    }

    /// <summary>RFC 8785 by the code, for examples that show it.</summary>
    public static byte[] Canonical(string json) =>
        Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(json), new JsonLimits(Limits.MetaDepth, Limits.MetaBytes), out var canonical,
            out var failure)
            ? canonical
            : throw new FormatException(failure.ToString());
}
