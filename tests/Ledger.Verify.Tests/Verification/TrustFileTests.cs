using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Json;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;
using Ledger.Verify.Tests.Anchoring;

namespace Ledger.Verify.Tests.Verification;

public sealed class TrustFileTests
{
    private static readonly VirtualLedger Ledger = VirtualLedger.With(1);
    private static readonly string Sound = Encoding.UTF8.GetString(Ledger.Trust().ToBytes());

    [Fact]
    public void A_trust_file_with_every_member_read_and_written_again_is_the_same_file()
    {
        var log = Ledger.TrustedLog();
        Assert.True(Spki.TryReadPem(VirtualLedger.P256Pem(Ledger.Seed("transparency log")), out var spki));
        var full = new TrustFile(
            [
                log with
                {
                    CheckpointKeys = [log.CheckpointKeys[0] with { FromSize = 3, ToSize = 9 }],
                    EntryKeys = [log.EntryKeys[0] with { FromSeq = 3, ToSeq = 9 }],
                    PayloadKeys = [VirtualLedger.P256Pem(Ledger.Seed("payload"))],
                },
            ],
            new TrustPolicy(2, 1),
            new TrustedRoot([new TrustedLog(Digest.Sha256(spki), "rekor.test", spki, DateTimeOffset.UnixEpoch, null)], [])).ToBytes();
        Assert.True(TrustFile.TryParse(full, out var trust, out _));
        Assert.Equal(full, trust.ToBytes());
        Assert.True(Jcs.TryCanonicalize(full, new JsonLimits(32, 1 << 20), out var canonical, out _));
        Assert.Equal(full, canonical);
        Assert.Equal(new TrustPolicy(2, 1), trust.Policy);
    }

    [Fact]
    public void White_space_and_the_order_of_members_are_free_because_people_edit_this_file()
    {
        var policy = Sound.IndexOf("\"policy\":{", StringComparison.Ordinal);
        var end = Sound.IndexOf('}', policy) + 2;
        var moved = "{ " + Sound[policy..end] + "\n" + Sound[1..policy] + Sound[end..];
        Assert.True(TrustFile.TryParse(Encoding.UTF8.GetBytes(moved), out var trust, out _));
        Assert.Equal(Sound, Encoding.UTF8.GetString(trust.ToBytes()));
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2", FailureCode.TrustVersionUnknown)]
    [InlineData("\"version\":1", "\"version\":1,\"extra\":1", FailureCode.TrustMalformed)]
    [InlineData(",\"tenant\":\"demo\"", "", FailureCode.TrustMalformed)]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\":\"\"", FailureCode.TrustMalformed)]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\":\"Demo\"", FailureCode.TrustMalformed)]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\":\"demo\",\"tenant\":\"demo\"", FailureCode.TrustMalformed)]
    [InlineData("\"policy\":{\"anchors\":1", "\"policy\":{\"anchors\":-1", FailureCode.TrustMalformed)]
    [InlineData("\"policy\":{\"anchors\":1", "\"policy\":{\"anchors\":33", FailureCode.TrustMalformed)]
    [InlineData("\"from_size\":0", "\"from_size\":5,\"to_size\":4", FailureCode.TrustRangeInvalid)]
    [InlineData("\"from_seq\":0", "\"from_seq\":5,\"to_seq\":4", FailureCode.TrustRangeInvalid)]
    [InlineData("\"vkey\":\"ledger.localhost", "\"vkey\":\"ledger.elsewhere", FailureCode.TrustVerifierKeyInvalid)]
    [InlineData("\"origin\":\"ledger.localhost", "\"origin\":\"ledger.elsewhere", FailureCode.TrustVerifierKeyInvalid)]
    [InlineData("\"key_id\":\"SHA256:", "\"key_id\":\"SHA256:A", FailureCode.TrustKeyIdMismatch)]
    [InlineData("BEGIN PUBLIC KEY", "BEGIN PUBLIC KEX", FailureCode.TrustPemInvalid)]
    [InlineData("\"anchor_keys\":[", "\"anchor_keys\":[\"\",", FailureCode.TrustPemInvalid)]
    [InlineData(",\"tenant\":", ",\"payload_keys\":[],\"tenant\":", FailureCode.TrustMalformed)]
    [InlineData(",\"version\":1", ",\"trusted_root\":[],\"version\":1", FailureCode.TrustedRootMalformed)]
    public void Anything_else_is_refused_with_its_code(string from, string to, FailureCode code)
    {
        Assert.Contains(from, Sound, StringComparison.Ordinal);
        Assert.False(TrustFile.TryParse(Encoding.UTF8.GetBytes(Sound.Replace(from, to, StringComparison.Ordinal)), out _, out var failure));
        Assert.Equal(code, failure);
    }

    [Fact]
    public void Two_logs_of_one_origin_are_refused()
    {
        var twice = new TrustFile([Ledger.TrustedLog(), Ledger.TrustedLog() with { Tenant = "other" }], TrustPolicy.Default).ToBytes();
        Assert.False(TrustFile.TryParse(twice, out _, out var failure));
        Assert.Equal(FailureCode.TrustMalformed, failure);
    }

    [Fact]
    public void An_anchor_key_that_is_some_log_s_payload_key_is_refused()
    {
        var other = VirtualLedger.With(1, "other").TrustedLog();
        var file = new TrustFile([Ledger.TrustedLog(), other with { PayloadKeys = Ledger.TrustedLog().AnchorKeys }],
            TrustPolicy.Default).ToBytes();
        Assert.False(TrustFile.TryParse(file, out _, out var failure));
        Assert.Equal(FailureCode.TrustKeyPurpose, failure);
    }

    [Fact]
    public void An_anchor_key_on_another_curve_is_refused()
    {
        using var p384 = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
        var file = new TrustFile([Ledger.TrustedLog() with { AnchorKeys = [Spki.ToPem(p384.ExportSubjectPublicKeyInfo())] }],
            TrustPolicy.Default).ToBytes();
        Assert.False(TrustFile.TryParse(file, out _, out var failure));
        Assert.Equal(FailureCode.TrustPemInvalid, failure);
    }

    [Fact]
    public void A_log_without_entries_has_no_keys_yet_and_is_a_sound_trust_file()
    {
        var empty = new TrustFile([new TrustLog("demo", Ledger.Origin, [], [], [])], TrustPolicy.Default).ToBytes();
        Assert.True(TrustFile.TryParse(empty, out _, out _));
    }

    [Fact]
    public void One_key_under_two_log_ids_would_be_two_witnesses()
    {
        foreach (var log in (VirtualLog[])[VirtualLog.Rekor1(), VirtualLog.Rekor2()])
        {
            var twin = log.Trusted with { LogId = Digest.Sha256("twin"u8) };
            var trust = VirtualLedger.With(1).TrustIn([log]);
            Assert.True(TrustFile.TryParse(trust.ToBytes(), out _, out _));
            trust = trust with { TrustedRoot = new TrustedRoot([log.Trusted, twin], []) };
            Assert.False(TrustFile.TryParse(trust.ToBytes(), out _, out var failure));
            Assert.Equal(FailureCode.TrustLogIdMismatch, failure);
            // As cosign has it, alone.
            Assert.True(TrustedRoot.TryParse(trust.TrustedRoot.ToBytes(), out _, out _));
        }
    }
}
