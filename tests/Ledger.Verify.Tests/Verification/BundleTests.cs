using System.Text;
using Ledger.Verify.Json;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

public sealed class BundleTests
{
    private static readonly VirtualLedger Ledger = VirtualLedger.With(3);
    private static readonly string Sound = Encoding.UTF8.GetString(Ledger.BundleOf(1).ToBytes());

    [Fact]
    public void A_bundle_read_and_written_again_is_the_same_file()
    {
        Assert.True(Bundle.TryParse(Encoding.UTF8.GetBytes(Sound), out var bundle, out _));
        Assert.Equal(Sound, Encoding.UTF8.GetString(bundle.ToBytes()));
    }

    [Fact]
    public void A_bundle_with_every_optional_member_is_the_same_file_again()
    {
        var full = (Ledger.BundleOf(1) with { Anchors = ["{\"a\":1}"u8.ToArray()],
            PayloadAnchors = ["{\"b\":2}"u8.ToArray(), "{}"u8.ToArray()] }).ToBytes();
        Assert.True(Bundle.TryParse(full, out var bundle, out _));
        Assert.Equal(full, bundle.ToBytes());
        Assert.True(Jcs.TryCanonicalize(full, new JsonLimits(32, 1 << 20), out var canonical, out _));
        Assert.Equal(full, canonical);
    }

    [Theory]
    [InlineData("\n", true)]
    [InlineData("\n\n", false)]
    [InlineData("\r\n", false)]
    [InlineData(" ", false)]
    [InlineData("{}", false)]
    public void One_final_line_feed_is_allowed_and_nothing_else(string end, bool accepted) =>
        Assert.Equal(accepted, Bundle.TryParse(Encoding.UTF8.GetBytes(Sound + end), out _, out _));

    [Theory]
    [InlineData("bundle.v1+json", "bundle.v2+json", FailureCode.BundleMediaTypeUnknown)]
    [InlineData("\"mediaType\":\"application/vnd.ledger.bundle.v1+json\",", "", FailureCode.BundleMalformed)]
    [InlineData("\"mediaType\":\"application/vnd.ledger.bundle.v1+json\"", "\"mediaType\":1", FailureCode.BundleMediaTypeUnknown)]
    [InlineData("{\"checkpoint\":", "{\"anchors\":[],\"checkpoint\":", FailureCode.BundleMalformed)]
    [InlineData("{\"checkpoint\":", "{\"anchors\":[1],\"checkpoint\":", FailureCode.BundleMalformed)]
    [InlineData("{\"checkpoint\":", "{\"anchors\":null,\"checkpoint\":", FailureCode.BundleMalformed)]
    [InlineData("{\"checkpoint\":", "{\"a\":0,\"checkpoint\":", FailureCode.BundleMalformed)]
    [InlineData("\"leaf\":{", "\"leaf\":{\"extra\":1,", FailureCode.BundleMalformed)]
    [InlineData("\"leaf_index\":1", "\"leaf_index\":-1", FailureCode.BundleMalformed)]
    [InlineData("\"leaf_index\":1", "\"leaf_index\":1.5", FailureCode.BundleMalformed)]
    [InlineData("\"leaf_index\":1", "\"leaf_index\":1.0", FailureCode.BundleNotCanonical)]
    [InlineData("\"seq\":1", "\"seq\":9007199254740992", FailureCode.BundleMalformed)]
    [InlineData("\"proof\":{", "\"proof\": {", FailureCode.BundleNotCanonical)]
    [InlineData("\"value\":{\"user_id\":\"1\"}", "\"value\":\"1\"", FailureCode.BundleMalformed)]
    [InlineData("\"value\":{\"user_id\":\"1\"}", "\"value\":{\"a\":[[[[[[[[1]]]]]]]]}", FailureCode.BundleMalformed)]
    public void Any_other_shape_is_refused_with_its_code(string from, string to, FailureCode code)
    {
        Assert.Contains(from, Sound, StringComparison.Ordinal);
        Assert.False(Bundle.TryParse(Encoding.UTF8.GetBytes(Sound.Replace(from, to, StringComparison.Ordinal)), out _, out var failure));
        Assert.Equal(code, failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\ufeff{}")]
    [InlineData("{}")]
    public void What_is_no_bundle_at_all_is_malformed(string file)
    {
        Assert.False(Bundle.TryParse(Encoding.UTF8.GetBytes(file), out _, out var failure));
        Assert.Equal(FailureCode.BundleMalformed, failure);
    }

    [Fact]
    public void A_file_over_the_cap_is_refused_before_it_is_parsed()
    {
        Assert.False(Bundle.TryParse(new byte[Limits.BundleBytes + 2], out _, out var failure));
        Assert.Equal(FailureCode.BundleTooBig, failure);
    }

    [Fact]
    public void A_salt_of_another_length_is_malformed()
    {
        var bundle = Ledger.BundleOf(1);
        var file = (bundle with { Meta = bundle.Meta! with { Salt = new byte[31] } }).ToBytes();
        Assert.False(Bundle.TryParse(file, out _, out var failure));
        Assert.Equal(FailureCode.BundleMalformed, failure);
    }
}
