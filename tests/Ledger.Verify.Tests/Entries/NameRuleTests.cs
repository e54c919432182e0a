using Ledger.Verify.Entries;

namespace Ledger.Verify.Tests.Entries;

public class NameRuleTests
{
    [Fact]
    public void A_subject_is_1_to_256_code_points()
    {
        Assert.True(SubjectName.IsValid("x"));
        Assert.True(SubjectName.IsValid(new string('x', 256)));
        Assert.True(SubjectName.IsValid(string.Concat(Enumerable.Repeat("😂", 256))));
        Assert.False(SubjectName.IsValid(""));
        Assert.False(SubjectName.IsValid(new string('x', 257)));
        Assert.False(SubjectName.IsValid(string.Concat(Enumerable.Repeat("😂", 257))));
        Assert.False(SubjectName.IsValid(string.Concat(Enumerable.Repeat("😂", 256)) + "x"));
    }

    [Fact]
    public void A_subject_has_no_nul_and_no_half_of_a_pair()
    {
        foreach (var subject in new[] { "\0", "a\0", "\ud83d", "a\ud83d", "\ud83da", "\ude02", "a\ude02b", "\ude02\ud83d",
            "\ud83d\ud83d\ude02" })
        {
            Assert.False(SubjectName.IsValid(subject));
        }

        Assert.True(SubjectName.IsValid("\ud83d\ude02"));
        Assert.True(SubjectName.IsValid(" \n\u0001"));
    }

    [Theory]
    [InlineData("demo", true)]
    [InlineData("0", true)]
    [InlineData("platform-audit", true)]
    [InlineData("a-", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("Demo", false)]
    [InlineData("a_b", false)]
    [InlineData("a/b", false)]
    [InlineData("a.b", false)]
    [InlineData("é", false)]
    [InlineData("a\n", false)]
    public void A_tenant_id_is_lower_case_digits_and_hyphens(string id, bool valid) => Assert.Equal(valid, TenantId.IsValid(id));
}
