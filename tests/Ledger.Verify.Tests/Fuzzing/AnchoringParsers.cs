using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Fuzzing;

/// <summary>The parsers of what transparency logs and timestamp authorities write: lenient, so what they take has many forms.</summary>
internal static class AnchoringParsers
{
    // One of each log, read once.
    private static readonly (JudgedBundle Golden, TrustedRoot Root)[] Judges =
        [.. new[] { Golden.Accepted[0], Golden.Accepted[2] }.Select(golden => (golden, golden.ParseRoot()))];

    private static readonly (byte[] Signature, byte[] Token)[] Stamped =
    [
        .. Golden.Accepted.Select(golden => golden.Parse()).Where(bundle => bundle.Timestamps.Count > 0)
            .Select(bundle => (bundle.Message?.Signature ?? bundle.Envelope!.Signatures[0].Signature, bundle.Timestamps[0])),
    ];

    public static IReadOnlyList<Parser> All { get; } =
    [
        new("trusted root", [Golden.Named("v1 dsse-ed25519").Root, Golden.Named("v2 dsse-ecdsa").Root],
            bytes => TrustedRoot.TryParse(bytes, out var root, out var failure) ? root.ToBytes() : Refused(failure), IsCanonical: false),
        new("sigstore bundle", [.. Golden.Accepted.Select(golden => golden.Bundle)], Bundle, IsCanonical: false),
        new("log body", [.. Golden.Accepted.Concat(Golden.Prehashed).SelectMany(Bodies)], Body, IsCanonical: false),
        new("log checkpoint", [.. Notes.Select(Encoding.UTF8.GetBytes)], Checkpoint, IsCanonical: false),
        new("timestamp", [.. Stamped.Select(stamped => stamped.Token)], Timestamp, IsCanonical: false),
        new("subjects", [.. Payloads], Subjects, IsCanonical: false),
    ];

    private static IEnumerable<string> Notes => Golden.Accepted.Select(golden => golden.Parse().Entries[0].Inclusion.Checkpoint);

    private static IEnumerable<byte[]> Payloads =>
        Golden.Accepted.Select(golden => golden.Parse().Envelope?.Payload).OfType<byte[]>();

    private static IEnumerable<byte[]> Bodies(JudgedBundle golden) => golden.Parse().Entries.Select(entry => entry.CanonicalizedBody);

    /// <summary>What parses is judged too: no claim in a bundle may break a check.</summary>
    private static byte[]? Bundle(byte[] bytes)
    {
        if (!SigstoreBundle.TryParse(bytes, out var bundle, out var failure)) return Refused(failure);
        foreach (var (golden, root) in Judges)
            new SigstoreVerifier(golden.Spki, root).Verify(bundle, ArtifactDigests.Of(golden.Artifact), useSignedTimestamps: true);
        return bundle.ToBytes();
    }

    private static byte[]? Body(byte[] bytes)
    {
        if (!LogBody.TryParse(bytes, out var content, out var failure)) return Refused(failure);
        Assert.NotEmpty(content.Signatures);
        return bytes;
    }

    private static byte[]? Checkpoint(byte[] bytes)
    {
        var note = Encoding.UTF8.GetString(bytes);
        foreach (var log in Judges.SelectMany(judge => judge.Root.Logs))
        {
            var refused = LogCheckpoint.Verify(note, log, out var checkpoint);
            Assert.Equal(refused is null, checkpoint is not null);
            // What is strict is a part of what is lenient.
            if (refused is null) Assert.Null(LogCheckpoint.VerifyLeniently(note, log, out _));
            if (refused is null) return Encoding.UTF8.GetBytes(note);
        }

        return null;
    }

    private static byte[]? Timestamp(byte[] bytes)
    {
        foreach (var (signature, _) in Stamped)
        {
            if (TimestampToken.Verify(bytes, signature, Judges[1].Root.TimestampAuthorities, out _) is not { } failure) return bytes;
            Assert.NotEqual(default, failure);
        }

        return null;
    }

    private static byte[]? Subjects(byte[] bytes)
    {
        SubjectDigests.Of(bytes)?.Name(ArtifactDigests.Of("x"u8));
        return SubjectDigests.Of(bytes) is null ? null : bytes;
    }

    private static byte[]? Refused(FailureCode failure)
    {
        Assert.NotEqual(default, failure);
        return null;
    }
}
