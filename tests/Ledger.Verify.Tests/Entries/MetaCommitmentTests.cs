using System.Text;
using Ledger.Verify.Entries;
using Ledger.Verify.Json;

namespace Ledger.Verify.Tests.Entries;

public class MetaCommitmentTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""{"user_id":"12345"}""")]
    [InlineData("""{"a":[1,{"b":null}],"é":"€"}""")]
    public void It_is_the_digest_of_meta_and_salt_in_canonical_form(string meta)
    {
        var salt = Digest.Sha256("salt"u8).ToArray();
        var json = $$"""{ "salt": "{{Convert.ToBase64String(salt)}}", "meta": {{meta}} }""";
        Assert.True(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(json), new JsonLimits(9, 20_000), out var canonical, out _));
        Assert.Equal(Digest.Sha256(canonical), MetaCommitment.Of(Encoding.UTF8.GetBytes(meta), salt));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16)]
    [InlineData(33)]
    public void A_salt_of_another_length_is_refused(int length) =>
        Assert.Throws<ArgumentException>(() => MetaCommitment.Of("{}"u8, new byte[length]));
}
