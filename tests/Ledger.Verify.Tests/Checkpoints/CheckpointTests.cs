using Ledger.Verify.Checkpoints;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Tests.Checkpoints;

public class CheckpointTests
{
    private const string Root = "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=";

    [Theory]
    [InlineData("go.sum database tree", 123456789012)]
    [InlineData("ledger.localhost/log/demo", 0)]
    [InlineData("ledger.localhost/log/demo/2", 1)]
    [InlineData("example.com/behind-the-sofa", 9007199254740991)]
    public void A_body_is_three_lines(string origin, long size)
    {
        var body = $"{origin}\n{size}\n{Root}\n";
        Assert.True(Checkpoint.TryParse(body, out var checkpoint, out var failure), failure.ToString());
        Assert.Equal(new Checkpoint(origin, size, MerkleHash.Leaf("hello world"u8)), checkpoint);
        Assert.Equal(body, checkpoint.Body());
        Assert.True(Checkpoint.ParseUnverified(new Note(body, []), out var same, out _));
        Assert.Equal(checkpoint, same);
    }

    [Fact]
    public void The_specifications_checkpoint_is_read()
    {
        const string Note = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
            + "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";
        Assert.True(Verify.Checkpoints.Note.TryParse(Note, out var note, out _));
        Assert.True(Checkpoint.ParseUnverified(note, out var checkpoint, out _));
        Assert.Equal(20852163, checkpoint.Size);
        Assert.Equal("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62", checkpoint.Root.ToHex());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("o\n1\n" + Root)]
    [InlineData("o\n1\n")]
    [InlineData("\n1\n" + Root + "\n")]
    [InlineData("o\n1\n" + Root + "\n\n")]
    [InlineData("o\n1\n" + Root + "\nextension\n")]
    [InlineData("\no\n1\n" + Root + "\n")]
    [InlineData("o\t\n1\n" + Root + "\n")]
    [InlineData("o\r\n1\r\n" + Root + "\r\n")]
    public void Other_than_exactly_three_lines_is_refused(string body) => AssertRefused(body, FailureCode.CheckpointMalformed);

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("1,000")]
    [InlineData("١")]
    [InlineData("9007199254740992")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551617")]
    public void A_size_of_another_spelling_or_range_is_refused(string size) =>
        AssertRefused($"o\n{size}\n{Root}\n", FailureCode.CheckpointSizeMalformed);

    [Theory]
    [InlineData("")]
    [InlineData("TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0")]
    [InlineData("TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb1=")]
    [InlineData("TszzRgjTG6xce-z2AG31kAXYKBgQVtCSCE40HmuwBb0=")]
    [InlineData(" TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=")]
    [InlineData("TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBQ==")]
    [InlineData("TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0AAAAA")]
    [InlineData("4eccf34608d31bac5c7becf6006df59005d828181056d092084e341e6bb005bd")]
    public void A_root_of_another_spelling_or_length_is_refused(string root) =>
        AssertRefused($"o\n1\n{root}\n", FailureCode.CheckpointRootMalformed);

    [Fact]
    public void An_origin_without_a_utf_8_form_is_refused()
    {
        AssertRefused($"a\ud800b\n1\n{Root}\n", FailureCode.CheckpointMalformed);
        AssertRefused($"{new string('o', 1025)}\n1\n{Root}\n", FailureCode.CheckpointMalformed);
    }

    private static void AssertRefused(string body, FailureCode expected)
    {
        Assert.False(Checkpoint.TryParse(body, out _, out var failure));
        Assert.Equal(expected, failure);
    }
}
