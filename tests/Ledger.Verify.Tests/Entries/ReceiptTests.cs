using System.Text;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Entries;

public class ReceiptTests
{
    [Fact]
    public void Its_bytes_are_canonical_and_read_back()
    {
        var bytes = Examples.Receipt.ToBytes();
        Assert.True(Jcs.TryCanonicalize(bytes, new JsonLimits(8, 100_000), out var canonical, out _));
        Assert.Equal(canonical, bytes);
        Assert.True(Receipt.TryParse(bytes, out var parsed, out var failure), failure.ToString());
        Assert.Equal(Examples.Receipt, parsed);
        Assert.Null(parsed.Rebuilds(out var statement));
        Assert.Equal(Examples.Statement, statement);
    }

    [Fact]
    public void It_has_the_ancestors_fields_and_the_receipts()
    {
        Assert.True(StrictJson.TryParse(Examples.Receipt.ToBytes(), new JsonLimits(8, 100_000), out var root, out _));
        string[] fields =
        [
            "id", "tenant", "origin", "subject", "payload_hash", "signature", "public_key", "key_id", "created_at", "chain_seq", "prev",
            "leaf_hash", "statement", "rekor_log_id", "rekor_index",
        ];
        Assert.All(fields, field => Assert.True(root.Has(field), field));
        Assert.Equal(Examples.PublicKey, root.Base64("public_key"));
        Assert.Equal("", root.Text("rekor_log_id"));
        Assert.Equal(0, root.Number("rekor_index"));
    }

    [Fact]
    public void With_any_changed_byte_it_is_refused()
    {
        var good = Examples.Receipt.ToBytes();
        for (var i = 0; i < good.Length; i++)
        {
            foreach (var change in new byte[] { 0x01, 0x02, 0x20, 0x80 })
            {
                var bytes = good.ToArray();
                bytes[i] ^= change;
                if (Receipt.TryParse(bytes, out var receipt, out _) && receipt.Rebuilds(out _) is null)
                {
                    // What is not caught by form and by rebuilding is caught by the signature.
                    Assert.False(Ed25519.Verify(receipt.PublicKey, Dsse.Pae(Dsse.InTotoPayloadType, receipt.Statement), receipt.Signature),
                        $"byte {i} ^ {change}");
                }
            }
        }
    }

    [Fact]
    public void Each_field_must_be_the_rebuilt_value()
    {
        var good = Examples.Receipt;
        foreach (var wrong in new[]
        {
            good with { Id = "019bfe8e-7d2c-7a10-8f3e-0123456789ac" },
            good with { Tenant = "other" },
            good with { Origin = "ledger.localhost/log/other" },
            good with { Subject = "another" },
            good with { PayloadHash = Digest.Zero },
            good with { Signature = new byte[64] },
            good with { PublicKey = new byte[32] },
            good with { PublicKey = new byte[31] },
            good with { KeyId = "SHA256:x" },
            good with { CreatedAt = "2026-01-27T09:08:07.123457Z" },
            good with { ChainSeq = 8 },
            good with { Prev = Digest.Zero },
            good with { LeafHash = Digest.Zero },
            good with { Statement = (Examples.Statement with { Subject = "another" }).ToBytes() },
        })
        {
            Assert.Equal(FailureCode.ReceiptFieldMismatch, wrong.Rebuilds(out _));
        }

        Assert.Equal(FailureCode.StatementMalformed, (good with { Statement = [] }).Rebuilds(out _));
    }

    [Theory]
    [InlineData("\"rekor_log_id\":\"\"", "\"rekor_log_id\":\"x\"", FailureCode.ReceiptMalformed)]
    [InlineData("\"rekor_index\":0", "\"rekor_index\":1", FailureCode.ReceiptMalformed)]
    [InlineData("\"rekor_index\":0,", "", FailureCode.ReceiptMalformed)]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\":\"demo\",\"x\":0", FailureCode.ReceiptMalformed)]
    [InlineData("\"tenant\":\"demo\"", "\"tenant\": \"demo\"", FailureCode.ReceiptNotCanonical)]
    [InlineData("\"rekor_index\":0", "\"rekor_index\":-0", FailureCode.ReceiptNotCanonical)]
    public void Another_document_or_form_is_refused(string part, string other, FailureCode expected)
    {
        var text = Encoding.UTF8.GetString(Examples.Receipt.ToBytes());
        Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.False(Receipt.TryParse(Encoding.UTF8.GetBytes(text.Replace(part, other, StringComparison.Ordinal)), out _, out var failure));
        Assert.Equal(expected, failure);
    }
}
