using System.Text;
using Ledger.Verify.Checkpoints;

namespace Ledger.Verify.Tests.Checkpoints;

public class NoteTests
{
    private const string Text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private const string Peter =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    private const string Enoch =
        "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    [Theory]
    [InlineData(Text + "\n" + Peter, Text, 1)]
    [InlineData(Text + "\n" + Peter + Enoch, Text, 2)]
    [InlineData(Text + "\n" + Peter + Peter, Text, 2)]
    [InlineData("\n\n" + Peter, "\n", 1)]
    [InlineData("a\n\nb\n\n" + Peter, "a\n\nb\n", 1)]
    [InlineData("— PeterNeumann AAAAAAA=\n\n" + Peter, "— PeterNeumann AAAAAAA=\n", 1)]
    [InlineData("ed è subito sera. 😂 \u007f\n\n" + Peter, "ed è subito sera. 😂 \u007f\n", 1)]
    [InlineData("x\n\n— example.com/é/log AAAAAAA=\n", "x\n", 1)]
    public void A_note_is_text_blank_line_and_signatures(string note, string text, int signatures)
    {
        Assert.True(Note.TryParse(note, out var parsed, out var failure), failure.ToString());
        Assert.Equal(text, parsed.Text);
        Assert.Equal(signatures, parsed.Signatures.Count);
        Assert.Equal(note, parsed.Format());
    }

    [Fact]
    public void A_signature_line_is_name_hash_and_signature()
    {
        Assert.True(Note.TryParse(Text + "\n" + Peter, out var note, out _));
        var signature = Assert.Single(note.Signatures);
        Assert.Equal("PeterNeumann", signature.Name);
        Assert.Equal(0xc74f20a3u, signature.KeyHash);
        Assert.Equal(64, signature.Signature.Length);
        Assert.Equal(note, new Note(Text, [new NoteSignature("PeterNeumann", 0xc74f20a3, [.. signature.Signature])]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData(Text)]
    [InlineData(Text + "\n")]
    [InlineData(Text + Peter)]
    [InlineData("\n" + Peter)]
    [InlineData("x\r\n\r\n" + Peter)]
    [InlineData("a\tb\n\n" + Peter)]
    [InlineData("a\0b\n\n" + Peter)]
    [InlineData("a\u001fb\n\n" + Peter)]
    [InlineData("x\n\n— PeterNeumann AAAAAAA=")]
    [InlineData("x\n\n— PeterNeumann AAAAAAA=\n\n")]
    public void What_is_not_a_note_is_refused(string note) => AssertRefused(note, FailureCode.NoteMalformed);

    [Fact]
    public void A_lone_surrogate_is_no_text()
    {
        AssertRefused("a\ud800b\n\n" + Peter, FailureCode.NoteMalformed);
        AssertRefused("a\udc00b\n\n" + Peter, FailureCode.NoteMalformed);
        AssertRefused("x\n\n— a\ud800b AAAAAAA=\n", FailureCode.NoteMalformed);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("- PeterNeumann AAAAAAA=")]
    [InlineData("—PeterNeumann AAAAAAA=")]
    [InlineData("—  PeterNeumann AAAAAAA=")]
    [InlineData("— PeterNeumann  AAAAAAA=")]
    [InlineData("— PeterNeumann AAAAAAA= ")]
    [InlineData(" — PeterNeumann AAAAAAA=")]
    [InlineData("— PeterNeumann")]
    [InlineData("— PeterNeumann ")]
    [InlineData("—  AAAAAAA=")]
    [InlineData("— Peter+Neumann AAAAAAA=")]
    [InlineData("— Peter Neumann AAAAAAA=")]
    [InlineData("— Peter\u00a0Neumann AAAAAAA=")]
    [InlineData("— Peter\u2003Neumann AAAAAAA=")]
    [InlineData("— Peter\u3000Neumann AAAAAAA=")]
    [InlineData("— PeterNeumann AAAAAA==")]
    [InlineData("— PeterNeumann AAAA")]
    [InlineData("— PeterNeumann AAAAAAB=")]
    [InlineData("— PeterNeumann AAAAAAA")]
    [InlineData("— PeterNeumann AAAA_AA=")]
    [InlineData("— PeterNeumann ====")]
    public void A_malformed_signature_line_is_refused(string line)
    {
        AssertRefused($"x\n\n{line}\n", FailureCode.NoteSignatureMalformed);
        AssertRefused($"x\n\n{Peter}{line}\n", FailureCode.NoteSignatureMalformed);
        AssertRefused($"x\n\n{line}\n{Peter}", FailureCode.NoteSignatureMalformed);
    }

    [Fact]
    public void A_hundred_signatures_are_read_and_one_more_is_refused()
    {
        var lines = string.Concat(Enumerable.Repeat(Peter, 100));
        Assert.True(Note.TryParse("x\n\n" + lines, out var note, out _));
        Assert.Equal(100, note.Signatures.Count);
        AssertRefused("x\n\n" + lines + Peter, FailureCode.NoteTooManySignatures);
    }

    [Fact]
    public void A_million_bytes_are_read_and_one_more_is_refused()
    {
        // The cap is on UTF-8 bytes, of which "é" is two.
        var rest = "\n\n" + Peter;
        var bytes = Limits.NoteBytes - Encoding.UTF8.GetByteCount(rest);
        foreach (var text in new[] { new string('x', bytes), new string('é', bytes / 2) + (bytes % 2 == 1 ? "x" : "") })
        {
            Assert.True(Note.TryParse(text + rest, out _, out _));
            AssertRefused("x" + text + rest, FailureCode.NoteTooBig);
        }
    }

    private static void AssertRefused(string note, FailureCode expected)
    {
        Assert.False(Note.TryParse(note, out _, out var failure));
        Assert.Equal(expected, failure);
    }
}
