using System.Diagnostics;
using System.Text;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Merkle;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Benchmarks.Verification;

/// <summary>How near a whole bundle's verification comes to the two raw Ed25519 verifications inside it.</summary>
internal static class VerifyBenchmark
{
    private const int Entries = 1000;
    private const string Origin = "ledger.localhost/log/bench";

    public static Task RunAsync(TimeSpan length, TextWriter output)
    {
        var entrySeed = Enumerable.Repeat((byte)1, 32).ToArray();
        var checkpointSeed = Enumerable.Repeat((byte)2, 32).ToArray();
        var (bundle, trust, payload) = Make(entrySeed, checkpointSeed);
        var file = bundle.ToBytes();
        var verifier = new BundleVerifier(trust);
        var policy = TrustPolicy.Default.WithoutAnchorsUnsafe();
        var message = Dsse.Pae(Dsse.InTotoPayloadType, bundle.Envelope.Payload);
        var publicKey = Ed25519.PublicKeyOf(entrySeed);
        var signature = bundle.Envelope.Signatures[0].Signature;

        // Interleaved, so that a machine that slows down slows both.
        double bundles = 0, raw = 0;
        for (var round = 0; round < 4; round++)
        {
            raw += Rate(length / 8, () => Ed25519.Verify(publicKey, message, signature));
            bundles += Rate(length / 8, () => Bundle.TryParse(file, out var parsed, out _)
                && verifier.Verify(parsed, policy, payload) is { Verdict: Verdict.VerifiedNotAnchored, PolicySatisfied: true });
        }
        Table.Write(output, ["bundles/s (2 signatures each)", "raw Ed25519 verifies/s", "signatures in bundles : raw"],
            [[$"{bundles / 4:0}", $"{raw / 4:0}", $"{2 * bundles / raw:P0}"]]);
        return Task.CompletedTask;
    }

    /// <summary>How often all cores together do it in a second.</summary>
    internal static double Rate(TimeSpan length, Func<bool> once)
    {
        var clock = Stopwatch.StartNew();
        long done = 0;
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            long mine = 0;
            while (clock.Elapsed < length)
            {
                if (!once()) throw new InvalidOperationException("A bundle that should verify does not.");
                mine++;
            }
            Interlocked.Add(ref done, mine);
        });
        return done / clock.Elapsed.TotalSeconds;
    }

    private static (Bundle Bundle, TrustFile Trust, Digest Payload) Make(byte[] entrySeed, byte[] checkpointSeed)
    {
        var publicKey = Ed25519.PublicKeyOf(entrySeed);
        var keyId = SshFingerprint.OfEd25519(publicKey);
        var leaves = new List<(Statement Statement, Leaf Leaf, Digest Hash)>();
        var edge = new RightEdge();
        for (var seq = 0; seq < Entries; seq++)
        {
            var payload = Digest.Sha256(Encoding.UTF8.GetBytes($"payload {seq}"));
            var statement = new Statement("user-action", payload, PredicateTypes.Entry, "bench", $"0193a000-0000-7000-8000-{seq:x12}",
                "2026-01-01T00:00:00.000000Z", MetaCommitment.Of("{}"u8, new byte[32]));
            var bytes = statement.ToBytes();
            var leaf = new Leaf(Origin, seq, seq == 0 ? Digest.Zero : leaves[^1].Hash, Digest.Sha256(bytes), keyId,
                Ed25519.Sign(entrySeed, Dsse.Pae(Dsse.InTotoPayloadType, bytes)));
            leaves.Add((statement, leaf, leaf.Hash()));
            edge.Append(leaves[^1].Hash);
        }
        var checkpoint = new Checkpoint(Origin, Entries, edge.Root());
        var key = new VerifierKey(Origin, Ed25519.PublicKeyOf(checkpointSeed));
        var note = new Note(checkpoint.Body(),
            [key.SignatureLine(Ed25519.Sign(checkpointSeed, Encoding.UTF8.GetBytes(checkpoint.Body())))]);

        const int index = Entries / 2;
        var (chosen, at, _) = leaves[index];
        var nodes = InclusionProof.Plan(index, Entries).Select(n => Root(leaves, n)).ToArray();
        var bundle = new Bundle(Envelope.OfStatement(chosen.ToBytes(), keyId, at.Signature), new LeafPosition(Origin, index, at.Prev),
            new BundleProof(index, InclusionProof.Build(index, Entries, nodes)), note.Format(),
            new BundleMeta(new byte[32], "{}"u8.ToArray()));
        var trust = new TrustFile(
            [new TrustLog("bench", Origin, [new TrustedCheckpointKey(key, 0)], [new TrustedEntryKey(keyId, publicKey, 0)], [])],
            TrustPolicy.Default);
        return (bundle, trust, chosen.PayloadHash);
    }

    private static Digest Root(List<(Statement, Leaf, Digest Hash)> leaves, NodeId node) => node.Level == 0
        ? leaves[(int)node.Index].Hash
        : MerkleHash.Node(Root(leaves, new NodeId(node.Level - 1, 2 * node.Index)),
            Root(leaves, new NodeId(node.Level - 1, 2 * node.Index + 1)));
}
