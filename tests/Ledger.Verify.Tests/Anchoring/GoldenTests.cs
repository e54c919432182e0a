using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Json;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>Bundles over entries that real logs took.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Accepted => [.. Golden.Accepted.Select(golden => golden.Name)];

    public static TheoryData<string> All => [.. Golden.Accepted.Concat(Golden.Prehashed).Select(golden => golden.Name)];

    [Theory, MemberData(nameof(Accepted))]
    public void A_real_bundle_is_verified(string name)
    {
        var golden = Golden.Named(name);
        var stamped = golden.Parse().Timestamps.Count > 0;
        var report = Verify(golden, golden.Parse(), stamped);
        Assert.Equal(Verdict.Verified, report.Verdict);
        Assert.Empty(report.Notes);
        Assert.Equal(stamped ? CheckOutcome.Pass : CheckOutcome.Absent, report[CheckNames.Timestamp].Outcome);
        var promised = golden.Parse().Entries[0].SignedEntryTimestamp is not null;
        Assert.Equal(promised ? CheckOutcome.Pass : CheckOutcome.Absent, report[CheckNames.Set].Outcome);
    }

    /// <summary>Ed25519ph is not what a plain Ed25519 key verifies; cosign refuses these two as well.</summary>
    [Theory]
    [InlineData("v2 dsse-ed25519ph", FailureCode.SignatureInvalid)]
    [InlineData("v2 hashedrekord-ed25519ph", FailureCode.KeyUnsupported)]
    public void A_signature_by_the_prehashed_variant_is_refused(string name, FailureCode code)
    {
        var golden = Golden.Named(name);
        var report = Verify(golden, golden.Parse(), timestamps: true);
        Assert.Equal(Verdict.Failed, report.Verdict);
        Assert.Equal(code, report[CheckNames.Signature].Code);
        Assert.Equal(CheckOutcome.Pass, report[CheckNames.LogInclusion].Outcome);
        Assert.Equal(CheckOutcome.Pass, report[CheckNames.Timestamp].Outcome);
    }

    [Theory, MemberData(nameof(All))]
    public void The_strict_checks_pass_too(string name)
    {
        var (golden, bundle) = (Golden.Named(name), Golden.Named(name).Parse());
        var (entry, root) = (bundle.Entries[0], golden.ParseRoot());
        var log = root.LogOf(entry.LogId)!;
        var v1 = entry.SignedEntryTimestamp is not null;
        // The v1 root names the address that was dialled, as v1's clients let it.
        Assert.Equal(v1 ? "127.0.0.1" : "rekor2.loopback.test", log.Origin);
        Assert.Null(LogEntryChecks.Checkpoint(entry, log, out var believed));
        Assert.Equal(v1 ? "rekor.loopback.test - 2824519805661362833" : "rekor2.loopback.test", believed!.Origin);
        Assert.Null(LogEntryChecks.Inclusion(entry, believed));
        if (v1) Assert.Null(LogEntryChecks.SignedEntryTimestamp(entry, log));
        else Assert.Equal(log.LogId, LogKey.IdOf(log.Origin, log.Spki));
    }

    [Theory, MemberData(nameof(Accepted))]
    public void What_is_written_is_canonical_means_the_same_and_is_accepted(string name)
    {
        var golden = Golden.Named(name);
        var written = golden.Parse().ToBytes();
        Assert.True(Jcs.TryCanonicalize(written, new JsonLimits(32, 1 << 20), out var canonical, out _));
        Assert.Equal(Encoding.UTF8.GetString(canonical), Encoding.UTF8.GetString(written));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(golden.Bundle), JsonNode.Parse(written)));
        Assert.True(SigstoreBundle.TryParse(written, out var again, out _));
        Assert.Equal(Verdict.Verified, Verify(golden, again, false).Verdict);
    }

    [Theory]
    [InlineData("v1 dsse-ed25519")]
    [InlineData("v2 dsse-ecdsa")]
    public void A_written_trusted_root_is_canonical_and_means_the_same(string name)
    {
        var golden = Golden.Named(name);
        var written = golden.ParseRoot().ToBytes();
        Assert.True(Jcs.TryCanonicalize(written, new JsonLimits(32, 1 << 20), out var canonical, out _));
        Assert.Equal(Encoding.UTF8.GetString(canonical), Encoding.UTF8.GetString(written));
        Assert.True(TrustedRoot.TryParse(written, out var again, out _));
        Assert.Equal(Encoding.UTF8.GetString(written), Encoding.UTF8.GetString(again.ToBytes()));
        var stamped = golden.Parse().Timestamps.Count > 0;
        Assert.Equal(Verdict.Verified, Verify(golden with { Root = written }, golden.Parse(), stamped).Verdict);
    }

    [Fact]
    public void The_bodies_that_the_logs_made_are_the_ones_built_here()
    {
        foreach (var golden in Golden.Accepted)
        {
            var body = golden.Parse().Entries[0].CanonicalizedBody;
            Assert.True(LogBody.TryParse(body, out var content, out _));
            var (spki, signature, data) = (golden.Spki, content.Signatures[0].Signature, new Digest(content.Data));
            var built = (content.Kind, content.Version) switch
            {
                ("dsse", _) => LogBody.DsseV1(content.EnvelopeHash!.Value, data, [(signature, Spki.ToPem(spki))]),
                (_, "0.0.1") => LogBody.HashedRekordV1(data, signature, Spki.ToPem(spki)),
                _ => LogBody.HashedRekordV2(data, signature, spki),
            };
            Assert.Equal(Encoding.UTF8.GetString(body), Encoding.UTF8.GetString(built));
        }
    }

    /// <summary>The exact bytes that v1's promises sign, as an independent program found them.</summary>
    [Fact]
    public void A_promise_signs_the_bytes_that_were_recorded()
    {
        var recorded = JsonNode.Parse(Golden.File("rekor-v1/verified.json"))!["entries"]!.AsArray()
            .Select(entry => (string)entry!["SET_signed_bytes"]!).ToHashSet();
        foreach (var golden in Golden.Accepted.Take(2))
            Assert.Contains(Encoding.ASCII.GetString(LogEntryChecks.SignedBytes(golden.Parse().Entries[0])), recorded);
    }

    private static SigstoreReport Verify(JudgedBundle golden, SigstoreBundle bundle, bool timestamps) =>
        new SigstoreVerifier(golden.Spki, golden.ParseRoot()).Verify(bundle, ArtifactDigests.Of(golden.Artifact), timestamps);
}
