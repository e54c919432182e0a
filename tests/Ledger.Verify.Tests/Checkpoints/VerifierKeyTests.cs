using Ledger.Verify.Checkpoints;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Tests.Checkpoints;

/// <summary>The keys and notes that golang.org/x/mod and C2SP publish.</summary>
public class VerifierKeyTests
{
    private const string PeterKey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    private const string EnochKey = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
    private const string Text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    private const string Peter =
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    private const string Enoch =
        "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

    public static TheoryData<string, string> Published => new()
    {
        { PeterKey, Text + "\n" + Peter },
        { PeterKey, Text + "\n" + Enoch + Peter },
        { EnochKey, Text + "\n" + Peter + Enoch },
        {
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
        },
    };

    [Theory, MemberData(nameof(Published))]
    public void The_published_notes_verify(string vkey, string note)
    {
        var key = Key(vkey);
        Assert.Equal(vkey, key.Format());
        Assert.Null(key.Verify(Parse(note)));
    }

    [Fact]
    public void The_published_private_key_signs_the_published_note()
    {
        var seed = Convert.FromBase64String("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1..];
        var key = Key(PeterKey);
        Assert.Equal(key.PublicKey, Ed25519.PublicKeyOf(seed));
        Assert.Equal(Peter, key.SignatureLine(Ed25519.Sign(seed, System.Text.Encoding.UTF8.GetBytes(Text))).Format());
    }

    [Fact]
    public void Unknown_keys_are_ignored_wrong_signatures_are_not_and_one_good_signature_is_needed()
    {
        var key = Key(PeterKey);
        Assert.Null(key.Verify(Parse($"{Text}\n{Peter}{Enoch}")));
        Assert.Equal(FailureCode.NoteKeyUnknown, key.Verify(Parse($"{Text}\n{Enoch}")));
        Assert.Equal(FailureCode.NoteSignatureInvalid, key.Verify(Parse($"{Text}more\n\n{Peter}{Enoch}")));

        // The same key hash under another name, the same name with another key hash: other keys.
        Assert.Equal(FailureCode.NoteKeyUnknown,
            key.Verify(Parse($"{Text}\n{Peter.Replace("PeterNeumann", "CarmenSandiego", StringComparison.Ordinal)}")));
        Assert.Equal(FailureCode.NoteKeyUnknown, key.Verify(Parse($"{Text}\n{Peter.Replace("x08g", "x08h", StringComparison.Ordinal)}")));

        // A good signature does not excuse a wrong one of the same key.
        Assert.Equal(FailureCode.NoteSignatureInvalid, key.Verify(Parse($"{Text}\n{Peter}— PeterNeumann x08gowAA\n")));
        Assert.Equal(FailureCode.NoteSignatureInvalid, key.Verify(Parse($"{Text}\n— PeterNeumann x08gowAA\n{Peter}")));
    }

    [Fact]
    public void Every_changed_character_of_the_text_or_signature_is_refused()
    {
        var key = Key(PeterKey);
        var note = $"{Text}\n{Peter}";
        for (var i = 0; i < note.Length; i++)
        {
            var changed = note[..i] + (note[i] == 'A' ? 'B' : 'A') + note[(i + 1)..];
            if (Note.TryParse(changed, out var parsed, out _)) Assert.NotNull(key.Verify(parsed));
        }
    }

    [Fact]
    public void Every_part_and_every_changed_character_of_a_vkey_is_refused()
    {
        for (var start = 0; start < PeterKey.Length; start++)
        {
            for (var length = 0; length <= PeterKey.Length - start; length++)
            {
                if (length < PeterKey.Length) Assert.False(VerifierKey.TryParse(PeterKey.Substring(start, length), out _));
            }
        }

        for (var i = 0; i < PeterKey.Length; i++)
        {
            for (var c = '\0'; c < 0x80; c++)
            {
                if (c != PeterKey[i]) Assert.False(VerifierKey.TryParse(PeterKey[..i] + c + PeterKey[(i + 1)..], out _));
            }
        }
    }

    [Theory]
    [InlineData("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==")]
    [InlineData("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n")]
    [InlineData("PeterNeumann++ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")]
    [InlineData("++")]
    [InlineData("")]
    public void Keys_of_other_lengths_types_and_spellings_are_refused(string vkey) => Assert.False(VerifierKey.TryParse(vkey, out _));

    [Fact]
    public void A_name_that_no_note_can_have_is_refused()
    {
        foreach (var name in new[] { "", "a b", "a\u2003b", "a\nb", "a\ud800b", new string('n', 1025) })
        {
            Assert.False(VerifierKey.TryParse(new VerifierKey(name, new byte[32]).Format(), out _));
        }

        Assert.Throws<ArgumentException>(() => new VerifierKey("x", new byte[31]));
    }

    private static VerifierKey Key(string vkey)
    {
        Assert.True(VerifierKey.TryParse(vkey, out var key));
        return key;
    }

    private static Note Parse(string note)
    {
        Assert.True(Note.TryParse(note, out var parsed, out var failure), failure.ToString());
        return parsed;
    }
}
