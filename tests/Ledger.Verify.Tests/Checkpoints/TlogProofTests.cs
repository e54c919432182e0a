using Ledger.Verify.Checkpoints;

namespace Ledger.Verify.Tests.Checkpoints;

public class TlogProofTests
{
    private const string Hash = "TszzRgjTG6xce+z2AG31kAXYKBgQVtCSCE40HmuwBb0=";
    private const string Note = "o\n2\n" + Hash + "\n\n— o AAAAAAA=\n";

    [Theory]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n\n" + Note, 0, 0, null)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 1\n" + Hash + "\n\n" + Note, 1, 1, null)]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AAEC\nindex 73894\n" + Hash + "\n" + Hash + "\n\n" + Note, 73894, 2, "AAEC")]
    public void A_proof_is_read_and_written(string text, long index, int hashes, string? extra)
    {
        Assert.True(TlogProof.TryParse(text, out var proof, out var failure), failure.ToString());
        Assert.Equal(index, proof.Index);
        Assert.Equal(hashes, proof.Hashes.Count);
        Assert.Equal(extra, proof.Extra is null ? null : Convert.ToBase64String(proof.Extra));
        Assert.Equal(Note, proof.Checkpoint.Format());
        Assert.Equal(text, proof.Format());
    }

    [Fact]
    public void Empty_extra_data_is_no_extra_line()
    {
        Assert.True(TlogProof.TryParse("c2sp.org/tlog-proof@v1\nindex 0\n\n" + Note, out var proof, out _));
        Assert.Equal(proof.Format(), (proof with { Extra = [] }).Format());
    }

    [Theory]
    [InlineData("")]
    [InlineData("c2sp.org/tlog-proof@v1\n")]
    [InlineData("c2sp.org/tlog-proof@v1\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v2\nindex 0\n\n" + Note)]
    [InlineData("index 0\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 00\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex -1\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex  1\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 9007199254740992\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nindex 0\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nextra AAEC\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AAEC\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AAE\nindex 0\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nextra AAEC\nextra AAEC\nindex 0\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\nAAEC\n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\nindex 0\n" + Hash + " \n\n" + Note)]
    [InlineData("c2sp.org/tlog-proof@v1\r\nindex 0\r\n\r\n" + Note)]
    public void What_does_not_follow_the_grammar_is_refused(string text)
    {
        Assert.False(TlogProof.TryParse(text, out _, out var failure));
        Assert.Equal(FailureCode.TlogProofMalformed, failure);
    }

    [Fact]
    public void A_malformed_note_in_it_has_the_notes_code()
    {
        Assert.False(TlogProof.TryParse("c2sp.org/tlog-proof@v1\nindex 0\n\no\n2\n", out _, out var failure));
        Assert.Equal(FailureCode.NoteMalformed, failure);
    }

    [Fact]
    public void Sixty_four_hashes_are_read_and_one_more_is_refused()
    {
        static string With(int hashes) =>
            $"c2sp.org/tlog-proof@v1\nindex 0\n{string.Concat(Enumerable.Repeat(Hash + "\n", hashes))}\n{Note}";
        Assert.True(TlogProof.TryParse(With(64), out _, out _));
        Assert.False(TlogProof.TryParse(With(65), out _, out _));
        Assert.False(TlogProof.TryParse(With(1000), out _, out _));
    }
}
