namespace Ledger.Verify.Tests;

public class FailureCodeTests
{
    [Fact]
    public void A_code_is_printed_in_kebab_case()
    {
        Assert.Equal("inclusion-root-mismatch", FailureCode.InclusionRootMismatch.Text());
        Assert.All(Enum.GetValues<FailureCode>(), code => Assert.Matches("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", code.Text()));
        Assert.Throws<ArgumentOutOfRangeException>(() => default(FailureCode).Text());
    }

    [Fact]
    public void No_two_codes_are_printed_alike()
    {
        var texts = Enum.GetValues<FailureCode>().Select(code => code.Text()).ToList();
        Assert.Equal(texts.Count, texts.Distinct().Count());
    }
}
