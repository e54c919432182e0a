using Ledger.Verify.Checkpoints;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Documents;

/// <summary>docs/formats.md says what the code does. Examples named core-… belong to the tests of Ledger.Core.</summary>
public sealed class FormatsDocumentTests
{
    private const string Page = "docs/formats.md";

    [Fact]
    public void Every_example_is_what_the_code_computes() =>
        Assert.Empty(MarkdownExamples.Differences(RepositoryFile.Path(Page), RepositoryFile.Read(Page), FormatsExamples.Compute(), Mine));

    [Fact]
    public void The_example_bundle_verifies_under_the_example_trust_file()
    {
        var shown = MarkdownExamples.Read(RepositoryFile.Read(Page));
        Assert.True(Bundle.TryParse(System.Text.Encoding.UTF8.GetBytes(shown["bundle"]), out var bundle, out _));
        Assert.True(TrustFile.TryParse(System.Text.Encoding.UTF8.GetBytes(shown["trust"]), out var trust, out _));
        var report = new BundleVerifier(trust)
            .Verify(bundle, TrustPolicy.Default.WithoutAnchorsUnsafe(), Digest.ParseHex(shown["payload-hash"].TrimEnd('\n')));
        Assert.Equal((Verdict.VerifiedNotAnchored, true), (report.Verdict, report.PolicySatisfied));

        var anchor = System.Text.Encoding.UTF8.GetBytes(shown["anchor"].TrimEnd('\n'));
        var anchored = new BundleVerifier(trust).Verify(bundle with { Anchors = [anchor] }, trust.Policy);
        Assert.Equal((Verdict.Verified, true), (anchored.Verdict, anchored.PolicySatisfied));
    }

    [Fact]
    public void The_example_signature_verifies_over_the_example_encoding()
    {
        var shown = MarkdownExamples.Read(RepositoryFile.Read(Page));
        var key = Convert.FromBase64String(shown["public-key"]);
        Assert.True(Ed25519.Verify(key, System.Text.Encoding.UTF8.GetBytes(shown["pae"].TrimEnd('\n')),
            Convert.FromBase64String(shown["signature"])));
    }

    [Fact]
    public void The_example_note_verifies_under_the_example_vkey()
    {
        var shown = MarkdownExamples.Read(RepositoryFile.Read(Page));
        Assert.True(VerifierKey.TryParse(shown["vkey"].TrimEnd('\n'), out var key));
        Assert.True(Note.TryParse(shown["note"], out var note, out _));
        Assert.Null(key.Verify(note));
    }

    [Theory]
    [InlineData("one changed digit", "```text example=a\n2\n```\n", "a: the page shows")]
    [InlineData("an example that nobody computes", "```text example=a\n1\n```\n```text example=b\n1\n```\n",
        "b: in the page, but not computed")]
    [InlineData("a missing example", "```text\n1\n```\n", "a: computed, but not in the page")]
    public void A_page_that_drifted_would_be_seen(string how, string page, string seen)
    {
        _ = how;
        var difference = Assert.Single(MarkdownExamples.Differences(page, new Dictionary<string, string> { ["a"] = "1" }, Mine));
        Assert.StartsWith(seen, difference, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_written_anew_has_no_differences()
    {
        var computed = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2\n" };
        var page = MarkdownExamples.Written("x\n```text example=a\nold\n```\ny\n```json example=b\n```\n", computed);
        Assert.Equal("x\n```text example=a\n1\n```\ny\n```json example=b\n2\n```\n", page);
        Assert.Empty(MarkdownExamples.Differences(page, computed, Mine));
    }

    private static bool Mine(string name) => !name.StartsWith("core-", StringComparison.Ordinal);
}
