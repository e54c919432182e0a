using System.Text;
using Ledger.Verify.Json;

namespace Ledger.Verify.Tests.Json;

public class StrictJsonTests
{
    private static readonly JsonLimits Limits = new(8, 16 * 1024);

    [Fact]
    public void A_document_with_exactly_its_members_is_read_in_any_order_and_layout()
    {
        var root = Parse(
            """{ "n": 9007199254740991, "t": "x", "b": "3q2+7w==", "list": [{"i": 1}, {"i": 2}], "names": ["a", "b"], "any": {"z": 1, "y": [ ]}, "child": {} }""");
        Assert.Equal("x", root.Text("t"));
        Assert.Equal(9007199254740991, root.Number("n"));
        Assert.Equal([0xde, 0xad, 0xbe, 0xef], root.Base64("b"));
        Assert.Equal([1, 2], root.Children("list").Select(child => child.Number("i")));
        Assert.Equal(["a", "b"], root.Texts("names"));
        Assert.Equal("""{"y":[],"z":1}""", Encoding.UTF8.GetString(root.Canonical("any")));
        Assert.Null(root.OptionalText("absent"));
        Assert.Null(root.OptionalNumber("absent"));
        Assert.Null(root.OptionalChild("absent"));
        Assert.NotNull(root.OptionalChild("child"));
        Assert.True(root.Complete(out var failure));
        Assert.Equal(JsonFailure.None, failure);
    }

    [Theory]
    [InlineData("""{"t":"x"}""")]
    [InlineData("""{"n":1}""")]
    [InlineData("""{"t":"x","n":1,"extra":0}""")]
    [InlineData("""{"t":"x","n":"1"}""")]
    [InlineData("""{"t":1,"n":1}""")]
    [InlineData("""{"t":null,"n":1}""")]
    [InlineData("""{"t":"x","n":-1}""")]
    [InlineData("""{"t":"x","n":1.5}""")]
    [InlineData("""{"t":"x","n":9007199254740992}""")]
    [InlineData("""{"t":"x","n":1e300}""")]
    [InlineData("""{"T":"x","n":1}""")]
    public void A_missing_unknown_or_mistyped_member_fails(string json)
    {
        var root = Parse(json);
        root.Text("t");
        root.Number("n");
        Assert.False(root.Complete(out var failure));
        Assert.Equal(JsonFailure.WrongShape, failure);
    }

    [Fact]
    public void A_member_left_in_a_child_fails_the_whole()
    {
        var root = Parse("""{"child":{"a":1,"b":2}}""");
        root.Child("child").Number("a");
        Assert.False(root.Complete(out _));
    }

    [Fact]
    public void Children_of_another_kind_fail_without_an_exception()
    {
        var root = Parse("""{"child":[1],"list":[1,{}],"names":["a",1],"hex":"00","b":"3q2+7x=="}""");
        Assert.Equal("", root.Child("child").Child("deeper").Text("t"));
        Assert.Equal(2, root.Children("list").Count);
        Assert.Empty(root.Texts("names"));
        Assert.Equal(default, root.Hex("hex"));
        Assert.Empty(root.Base64("b"));
        Assert.Empty(root.Canonical("absent"));
        Assert.False(root.Complete(out _));
    }

    [Theory]
    [InlineData("[]", JsonFailure.WrongShape)]
    [InlineData("1", JsonFailure.WrongShape)]
    [InlineData("{\"a\":1,\"a\":1}", JsonFailure.DuplicateName)]
    [InlineData("{", JsonFailure.Malformed)]
    [InlineData("{} {}", JsonFailure.TrailingData)]
    public void What_is_not_one_object_is_refused(string json, JsonFailure expected)
    {
        Assert.False(StrictJson.TryParse(Encoding.UTF8.GetBytes(json), Limits, out var root, out var failure));
        Assert.Equal(expected, failure);
        Assert.Equal("", root.Text("a"));
        Assert.False(root.Complete(out _));
    }

    private static StrictJson Parse(string json)
    {
        Assert.True(StrictJson.TryParse(Encoding.UTF8.GetBytes(json), Limits, out var root, out var failure), failure.ToString());
        return root;
    }
}
