using System.Text;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

public sealed class ReceiptVerifierTests
{
    private static readonly VirtualLedger Ledger = VirtualLedger.With(3);

    [Fact]
    public void A_sound_receipt_is_verified_by_its_key_in_the_trust_file()
    {
        var report = new ReceiptVerifier(Ledger.Trust())
            .Verify(Ledger.ReceiptOf(0), Digest.Sha256(Encoding.UTF8.GetBytes(VirtualLedger.Payload)));
        Assert.Equal(["payload-digest pass", "receipt-fields pass", "statement-signature pass", "entry-key pass"],
            report.Checks.Select(check => check.ToString()));
        Assert.Equal(Verdict.Verified, report.Verdict);
    }

    [Fact]
    public void Without_a_trust_file_a_receipt_is_self_consistent_only()
    {
        var report = ReceiptVerifier.WithoutTrustUnsafe().Verify(Ledger.ReceiptOf(0));
        Assert.Equal(CheckOutcome.Absent, report[CheckNames.EntryKey].Outcome);
        Assert.Equal(Verdict.SelfConsistentOnly, report.Verdict);
    }

    [Fact]
    public void A_receipt_that_somebody_made_with_a_key_of_his_own_is_refused()
    {
        var forger = new VirtualLedger();
        forger.Append(forger.StatementOf("s", "p", null, out _), seed: forger.Seed("forger"));
        var forged = forger.ReceiptOf(0) with { PublicKey = Ed25519.PublicKeyOf(forger.Seed("forger")) };
        Assert.Equal(Verdict.SelfConsistentOnly, ReceiptVerifier.WithoutTrustUnsafe().Verify(forged).Verdict);
        AssertFails(new ReceiptVerifier(Ledger.Trust()).Verify(forged), CheckNames.EntryKey, FailureCode.EntryKeyUnknown);
    }

    [Fact]
    public void The_key_must_be_valid_at_the_receipts_seq()
    {
        var log = Ledger.TrustedLog() with { EntryKeys = [new TrustedEntryKey(Ledger.EntryKeyId, Ledger.EntryKey, 0, 1)] };
        var verifier = new ReceiptVerifier(Ledger.Trust() with { Logs = [log] });
        Assert.Equal(Verdict.Verified, verifier.Verify(Ledger.ReceiptOf(1)).Verdict);
        AssertFails(verifier.Verify(Ledger.ReceiptOf(2)), CheckNames.EntryKey, FailureCode.EntryKeyOutOfRange);
    }

    [Fact]
    public void The_trust_file_must_give_the_origin_to_the_receipts_tenant()
    {
        var elsewhere = Ledger.Trust() with { Logs = [Ledger.TrustedLog() with { Tenant = "other" }] };
        AssertFails(new ReceiptVerifier(elsewhere).Verify(Ledger.ReceiptOf(0)), CheckNames.EntryKey, FailureCode.TenantMismatch);
        AssertFails(new ReceiptVerifier(VirtualLedger.With(1, "third").Trust()).Verify(Ledger.ReceiptOf(0)), CheckNames.EntryKey,
            FailureCode.OriginUnknown);
    }

    [Fact]
    public void A_field_that_does_not_follow_from_the_statement_is_refused()
    {
        var verifier = new ReceiptVerifier(Ledger.Trust());
        AssertFails(verifier.Verify(Ledger.ReceiptOf(0) with { Subject = "another" }), CheckNames.ReceiptFields,
            FailureCode.ReceiptFieldMismatch);
        AssertFails(verifier.Verify(Ledger.ReceiptOf(0) with { ChainSeq = 1 }), CheckNames.ReceiptFields, FailureCode.ReceiptFieldMismatch);
        AssertFails(verifier.Verify(Ledger.ReceiptOf(0) with { LeafHash = Digest.Zero }), CheckNames.ReceiptFields,
            FailureCode.ReceiptFieldMismatch);
    }

    private static void AssertFails(VerificationReport report, string check, FailureCode code)
    {
        Assert.Equal(Check.Fail(check, code), report[check]);
        Assert.Equal(Verdict.Failed, report.Verdict);
    }
}
