using Ledger.Verify.Anchoring;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;
using static Ledger.Verify.Tests.Verification.AnchorTampering;

namespace Ledger.Verify.Tests.Verification;

/// <summary>The anchor part of a bundle, field by field: what is changed, the check that must name it, and its code.</summary>
public sealed class AnchorTamperTests
{
    private static readonly byte[] InV1 = Ours.AnchorAt(V1, 7);
    private static readonly byte[] InV2 = Ours.AnchorAt(V2, 7, Tsa);
    private static readonly TrustFile Trust = Ours.TrustIn([V1, V2], Tsa);

    private const string OlderVersion = "application/vnd.dev.sigstore.bundle.v0.2+json";
    private const string OtherSpelling = "application/vnd.dev.sigstore.bundle+json;version=0.3";
    private const string Entry = "verificationMaterial/tlogEntries/0";
    private const string Proof = Entry + "/inclusionProof";
    private const string Stamp = "verificationMaterial/timestampVerificationData/rfc3161Timestamps";

    /// <summary>v1 or v2, field, what happens to it, check, code. "~" changes a letter, "+" counts up, "-" takes it out.</summary>
    public static TheoryData<string, string, string, string, FailureCode> Fields => new()
    {
        { "v1", "mediaType", OlderVersion, CheckNames.AnchorSignature, FailureCode.SigstoreBundleVersionUnknown },
        { "v1", "mediaType", OtherSpelling, CheckNames.AnchorSignature, FailureCode.AnchorNotCanonical },
        { "v1", "extra", "1", CheckNames.AnchorSignature, FailureCode.SigstoreBundleMalformed },
        { "v1", "messageSignature", "-", CheckNames.AnchorSignature, FailureCode.SigstoreBundleMalformed },
        { "v1", "messageSignature/messageDigest", "-", CheckNames.AnchorSignature, FailureCode.MessageDigestMissing },
        { "v1", "messageSignature/messageDigest/algorithm", "SHA2_384", CheckNames.AnchorSignature, FailureCode.AnchorNotCanonical },
        { "v1", "messageSignature/messageDigest/digest", "~", CheckNames.AnchorSignature, FailureCode.AnchorDigestMismatch },
        { "v1", "messageSignature/signature", "~", CheckNames.AnchorSignature, FailureCode.SignatureInvalid },
        { "v1", "messageSignature/signature", "~", CheckNames.LogInclusion, FailureCode.LogBodySignatureMismatch },
        { "v1", "verificationMaterial/publicKey", "-", CheckNames.AnchorSignature, FailureCode.SigstoreBundleMalformed },
        { "v1", "verificationMaterial/publicKey/hint", "-", CheckNames.AnchorSignature, FailureCode.AnchorKeyUnknown },
        { "v1", "verificationMaterial/publicKey/hint", "~", CheckNames.AnchorSignature, FailureCode.AnchorKeyUnknown },
        { "v1", "verificationMaterial/publicKey/hint", "~", CheckNames.LogInclusion, FailureCode.LogBodyKeyMismatch },
        { "v1", "verificationMaterial/publicKey/hint", "{payload key}", CheckNames.AnchorSignature, FailureCode.AnchorKeyPurpose },
        { "v1", "verificationMaterial/tlogEntries", "-", CheckNames.AnchorSignature, FailureCode.AnchorNotCanonical },
        { "v1", Entry + "/logIndex", "+", CheckNames.Set, FailureCode.SetInvalid },
        { "v1", Entry + "/logIndex", "1", CheckNames.LogInclusion, FailureCode.LogIndexMismatch },
        { "v1", Entry + "/logIndex", "-", CheckNames.LogInclusion, FailureCode.AnchorNotCanonical },
        { "v1", Entry + "/logId/keyId", "~", CheckNames.LogInclusion, FailureCode.LogUnknown },
        { "v1", Entry + "/logId/keyId", "~", CheckNames.LogCheckpointSignature, FailureCode.LogUnknown },
        { "v1", Entry + "/logId/keyId", "~", CheckNames.Set, FailureCode.LogUnknown },
        { "v1", Entry + "/logId/keyId", "{v2}", CheckNames.LogCheckpointSignature, FailureCode.NoteKeyUnknown },
        { "v1", Entry + "/logId/keyId", "{v2}", CheckNames.LogInclusion, FailureCode.CheckpointNotVerified },
        { "v1", Entry + "/kindVersion/kind", "dsse", CheckNames.LogInclusion, FailureCode.LogBodyKindUnknown },
        { "v1", Entry + "/kindVersion/version", "0.0.2", CheckNames.LogInclusion, FailureCode.LogBodyKindUnknown },
        { "v1", Entry + "/integratedTime", "+", CheckNames.Set, FailureCode.SetInvalid },
        { "v1", Entry + "/integratedTime", "1", CheckNames.Set, FailureCode.SetOutOfValidity },
        { "v1", Entry + "/integratedTime", "-", CheckNames.Set, FailureCode.SetOutOfValidity },
        { "v1", Entry + "/inclusionPromise", "-", CheckNames.Set, FailureCode.AnchorSetMissing },
        { "v1", Entry + "/inclusionPromise/signedEntryTimestamp", "~", CheckNames.Set, FailureCode.SetInvalid },
        { "v1", Proof, "-", CheckNames.AnchorSignature, FailureCode.SigstoreBundleMalformed },
        { "v1", Proof + "/logIndex", "4", CheckNames.LogInclusion, FailureCode.InclusionRootMismatch },
        { "v1", Proof + "/logIndex", "+", CheckNames.LogInclusion, FailureCode.InclusionIndexOutOfRange },
        { "v1", Proof + "/rootHash", "~", CheckNames.LogInclusion, FailureCode.LogRootMismatch },
        { "v1", Proof + "/treeSize", "+", CheckNames.LogInclusion, FailureCode.LogSizeMismatch },
        { "v1", Proof + "/hashes/0", "~", CheckNames.LogInclusion, FailureCode.InclusionRootMismatch },
        { "v1", Proof + "/hashes/1", "~", CheckNames.LogInclusion, FailureCode.InclusionRootMismatch },
        { "v1", Proof + "/hashes/0", "-", CheckNames.LogInclusion, FailureCode.InclusionProofLength },
        { "v1", Proof + "/hashes/2", "{hash}", CheckNames.LogInclusion, FailureCode.InclusionProofLength },
        { "v1", Proof + "/checkpoint/envelope", "{line 0}", CheckNames.LogCheckpointSignature, FailureCode.LogOriginMismatch },
        { "v1", Proof + "/checkpoint/envelope", "{line 1}", CheckNames.LogCheckpointSignature, FailureCode.NoteSignatureInvalid },
        { "v1", Proof + "/checkpoint/envelope", "{line 2}", CheckNames.LogCheckpointSignature, FailureCode.NoteSignatureInvalid },
        { "v1", Proof + "/checkpoint/envelope", "{line 4}", CheckNames.LogCheckpointSignature, FailureCode.NoteSignatureInvalid },
        { "v1", Proof + "/checkpoint/envelope", "{line 1}", CheckNames.LogInclusion, FailureCode.CheckpointNotVerified },
        { "v1", Entry + "/canonicalizedBody", "{other digest}", CheckNames.LogInclusion, FailureCode.LogBodyDigestMismatch },
        { "v1", Entry + "/canonicalizedBody", "{other key}", CheckNames.LogInclusion, FailureCode.LogBodyKeyMismatch },
        { "v1", Entry + "/canonicalizedBody", "{unknown kind}", CheckNames.LogInclusion, FailureCode.LogBodyKindUnknown },
        { "v1", Entry + "/canonicalizedBody", "e30=", CheckNames.LogInclusion, FailureCode.LogBodyKindUnknown },
        { "v1", Entry + "/canonicalizedBody", "-", CheckNames.AnchorSignature, FailureCode.SigstoreBundleMalformed },
        { "v2", Entry + "/logIndex", "+", CheckNames.LogInclusion, FailureCode.LogIndexMismatch },
        { "v2", Entry + "/logId/keyId", "{v1}", CheckNames.LogCheckpointSignature, FailureCode.LogOriginMismatch },
        { "v2", Entry + "/kindVersion/version", "0.0.1", CheckNames.LogInclusion, FailureCode.LogBodyKindUnknown },
        { "v2", Entry + "/integratedTime", "1795294588", CheckNames.Set, FailureCode.AnchorTimeUnsigned },
        { "v2", Entry + "/inclusionPromise", "{promise}", CheckNames.Set, FailureCode.AnchorSetUnexpected },
        { "v2", Proof + "/logIndex", "+", CheckNames.LogInclusion, FailureCode.LogIndexMismatch },
        { "v2", Proof + "/rootHash", "~", CheckNames.LogInclusion, FailureCode.LogRootMismatch },
        { "v2", Proof + "/treeSize", "+", CheckNames.LogInclusion, FailureCode.LogSizeMismatch },
        { "v2", Proof + "/hashes/0", "~", CheckNames.LogInclusion, FailureCode.InclusionRootMismatch },
        { "v2", Proof + "/checkpoint/envelope", "{line 0}", CheckNames.LogCheckpointSignature, FailureCode.LogOriginMismatch },
        { "v2", Proof + "/checkpoint/envelope", "{line 1}", CheckNames.LogCheckpointSignature, FailureCode.NoteSignatureInvalid },
        { "v2", Proof + "/checkpoint/envelope", "{line 2}", CheckNames.LogCheckpointSignature, FailureCode.NoteSignatureInvalid },
        { "v2", Proof + "/checkpoint/envelope", "{line 4}", CheckNames.LogCheckpointSignature, FailureCode.NoteSignatureInvalid },
        { "v2", Entry + "/canonicalizedBody", "{other digest}", CheckNames.LogInclusion, FailureCode.LogBodyDigestMismatch },
        { "v2", Entry + "/canonicalizedBody", "{other key}", CheckNames.LogInclusion, FailureCode.LogBodyKeyMismatch },
        { "v2", Stamp, "[]", CheckNames.AnchorSignature, FailureCode.AnchorNotCanonical },
        { "v2", Stamp + "/0/signedTimestamp", "AAAA", CheckNames.Timestamp, FailureCode.TimestampMalformed },
        { "v2", Stamp + "/0/signedTimestamp", "{stamp of another}", CheckNames.Timestamp, FailureCode.TimestampImprintMismatch },
        { "v2", Stamp + "/0/signedTimestamp", "{stamp by another}", CheckNames.Timestamp, FailureCode.TimestampAuthorityUnknown },
        { "v2", Stamp + "/1", "{second stamp by another}", CheckNames.Timestamp, FailureCode.TimestampAuthorityUnknown },
    };

    /// <summary>v1 or v2, what is other in the trust file, check, code.</summary>
    public static TheoryData<string, string, string, FailureCode> Trusts => new()
    {
        { "v1", "no trusted root", CheckNames.LogInclusion, FailureCode.LogUnknown },
        { "v1", "no log", CheckNames.LogCheckpointSignature, FailureCode.LogUnknown },
        { "v1", "another anchor key", CheckNames.AnchorSignature, FailureCode.AnchorKeyUnknown },
        { "v1", "no anchor key", CheckNames.AnchorSignature, FailureCode.AnchorKeyUnknown },
        { "v1", "keys the other way round", CheckNames.AnchorSignature, FailureCode.AnchorKeyPurpose },
        { "v1", "another key of the log", CheckNames.LogCheckpointSignature, FailureCode.NoteKeyUnknown },
        { "v1", "another key of the log", CheckNames.Set, FailureCode.SetInvalid },
        { "v1", "a log not yet believed", CheckNames.Set, FailureCode.SetOutOfValidity },
        { "v1", "a log no longer believed", CheckNames.Set, FailureCode.SetOutOfValidity },
        { "v2", "another key of the log", CheckNames.LogCheckpointSignature, FailureCode.NoteKeyUnknown },
        { "v2", "another origin of the log", CheckNames.LogCheckpointSignature, FailureCode.LogOriginMismatch },
        { "v2", "a log not yet believed", CheckNames.Timestamp, FailureCode.AnchorTimeOutOfRange },
        { "v2", "a log no longer believed", CheckNames.Timestamp, FailureCode.AnchorTimeOutOfRange },
        { "v2", "no authority", CheckNames.Timestamp, FailureCode.TimestampAuthorityUnknown },
        { "v2", "an authority not yet believed", CheckNames.Timestamp, FailureCode.TimestampOutOfValidity },
        { "v2", "an authority no longer believed", CheckNames.Timestamp, FailureCode.TimestampOutOfValidity },
        { "v2", "another origin of ours", CheckNames.AnchorSignature, FailureCode.OriginUnknown },
    };

    [Theory]
    [InlineData("v1")]
    [InlineData("v2")]
    public void Untouched_it_verifies(string version) =>
        Assert.Equal(Verdict.Verified, Judge(version == "v1" ? InV1 : InV2, Trust).Verdict);

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_changed_field_fails_with_its_code(string version, string path, string change, string check, FailureCode code)
    {
        var anchor = AnchorTampering.Changed(version == "v1" ? InV1 : InV2, path.Split('/'), change);
        AssertFails(Judge(anchor, Trust), check, code);
    }

    [Theory]
    [MemberData(nameof(Trusts))]
    public void A_trust_file_that_says_something_else_fails_with_its_code(string version, string other, string check, FailureCode code) =>
        AssertFails(Judge(version == "v1" ? InV1 : InV2, AnchorTampering.Other(Trust, other)), check, code);

    [Fact]
    public void No_byte_of_an_anchor_can_be_changed_left_out_or_put_in()
    {
        var verifier = new AnchorVerifier(Trust.TrustedRoot);
        var (digest, keys) = (Digest.Sha256(Ours.BodyAt(7)), Trust.Logs[0].AnchorKeys);
        bool Accepted(byte[] anchor) => verifier.Verify(anchor, digest, keys, []).Failure is null;
        var accepted = new List<string>();
        foreach (var sound in (byte[][])[InV1, Ours.AnchorAt(V2, 7)])
        {
            Assert.True(Accepted(sound));
            for (var at = 0; at < sound.Length; at++)
            {
                foreach (var replacement in (byte[])[(byte)(sound[at] ^ 1), (byte)(sound[at] ^ 0x20), (byte)'A', (byte)'0'])
                {
                    var changed = (byte[])sound.Clone();
                    changed[at] = replacement;
                    if (replacement != sound[at] && Accepted(changed)) accepted.Add($"byte {at} to {replacement}");
                }

                if (Accepted([.. sound[..at], .. sound[(at + 1)..]])) accepted.Add($"without byte {at}");
                if (Accepted([.. sound[..at], (byte)' ', .. sound[at..]])) accepted.Add($"a blank at {at}");
                if (Accepted(sound[..at])) accepted.Add($"cut at {at}");
            }
        }

        Assert.Empty(accepted);
    }

    [Fact]
    public void Damage_to_a_timestamp_never_throws_and_never_makes_another_time_pass()
    {
        Assert.True(SigstoreBundle.TryParse(InV2, out var sound, out _));
        var token = sound.Timestamps[0];
        for (var at = 0; at < token.Length; at++)
        {
            var damaged = (byte[])token.Clone();
            damaged[at] ^= 1;
            // What is not signed in a token (a certificate that is pinned anyway) may change; what it says may not.
            if (TimestampToken.Verify(damaged, sound.Message!.Signature, [Tsa.Trusted], out var time) is null)
                Assert.Equal(VirtualTsa.Noon, time);
        }
    }

    private static VerificationReport Judge(byte[] anchor, TrustFile trust) =>
        new BundleVerifier(trust).Verify(Ours.BundleOf(0) with { Anchors = [anchor] }, TrustPolicy.Default.WithoutAnchorsUnsafe());

    private static void AssertFails(VerificationReport report, string check, FailureCode code)
    {
        Assert.Equal(Check.Fail(check, code), report[check]);
        Assert.Equal((Verdict.Failed, false), (report.Verdict, report.PolicySatisfied));
    }
}
