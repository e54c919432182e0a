using System.Text;
using Ledger.Verify.Json;

namespace Ledger.Verify.Tests.Json;

public class JcsTests
{
    private static readonly JsonLimits Limits = new(8, 16 * 1024);

    [Theory]
    [InlineData("""[ 56, { "d": true, "10": null, "1": [ ] } ]""", """[56,{"1":[],"10":null,"d":true}]""")]
    [InlineData("""{"peach": "a", "péché": "b", "pêche": "c", "sin": "d"}""", """{"peach":"a","péché":"b","pêche":"c","sin":"d"}""")]
    [InlineData(
        """{ "1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ {"e": "yes","E": "no" } ], "A": { } }""",
        """{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}""")]
    [InlineData("""{"Unnormalized Unicode":"A\u030a"}""", "{\"Unnormalized Unicode\":\"A\u030a\"}")]
    [InlineData(
        """{"numbers": [333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false] }""",
        """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""")]
    public void The_published_examples_are_reproduced(string input, string expected) => AssertCanonical(input, expected);

    [Fact]
    public void Names_are_sorted_by_utf_16_code_units()
    {
        // The RFC's own example: U+1F602 is written D83D DE02 and so comes before U+FB33, which it would follow by code point or in UTF-8.
        const string Input =
            """{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}""";
        AssertCanonical(
            Input,
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\","
            + "\"\u20ac\":\"Euro Sign\",\"\U0001f600\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    [Fact]
    public void Every_character_is_escaped_as_the_rfc_says_and_only_where_it_says()
    {
        for (var c = 1; c < 0x3000; c++)
        {
            if (c is >= 0xd800 and < 0xe000) continue;
            var expected = c switch
            {
                '"' => "\\\"", '\\' => "\\\\", '\b' => "\\b", '\t' => "\\t", '\n' => "\\n", '\f' => "\\f", '\r' => "\\r",
                < 0x20 => $"\\u{c:x4}",
                _ => ((char)c).ToString(),
            };
            AssertCanonical($"\"\\u{c:X4}\"", $"\"{expected}\"");
            AssertCanonical($"\"{expected}\"", $"\"{expected}\"");

            var writer = new JcsWriter(16);
            writer.Text(((char)c).ToString());
            Assert.Equal($"\"{expected}\"", Encoding.UTF8.GetString(writer.Finish()));
        }
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"b":2,"a":1}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"":1,"":1}""")]
    [InlineData("""{"x":{"y":[{"z":0,"z":0}]}}""")]
    [InlineData("""[[{"\n":1,"\u000a":1}]]""")]
    [InlineData("""{"b":1,"b":2,"a":1}""")]
    public void A_name_twice_in_one_object_is_refused_at_any_depth(string json) => AssertRefused(json, JsonFailure.DuplicateName);

    [Theory]
    [InlineData("""{"a":{"a":{"a":1}},"b":{"a":1}}""")]
    [InlineData("""{"a":1,"A":1}""")]
    public void A_name_may_return_in_another_object(string json) =>
        Assert.True(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(json), Limits, out _, out _));

    [Theory]
    [InlineData(@"""\ud800""")]
    [InlineData(@"""\udc00""")]
    [InlineData(@"""\ud800x""")]
    [InlineData(@"""\ud800\n""")]
    [InlineData(@"""\ud800\ud800""")]
    [InlineData(@"""\udc00\ud800""")]
    [InlineData(@"""\uD83D\u0041""")]
    [InlineData("""{"\udfff":1}""")]
    [InlineData("""[["\udbff"]]""")]
    public void A_lone_surrogate_is_refused(string json) => AssertRefused(json, JsonFailure.LoneSurrogate);

    [Theory]
    [InlineData(@"""\u0000""")]
    [InlineData("""{"a\u0000":1}""")]
    [InlineData("""{"a":["\u0000"]}""")]
    public void A_nul_is_refused(string json) => AssertRefused(json, JsonFailure.NulCharacter);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("[")]
    [InlineData("[1")]
    [InlineData("[1,")]
    [InlineData("[1,]")]
    [InlineData("[,1]")]
    [InlineData("[1 2]")]
    [InlineData("{\"a\"}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":1,}")]
    [InlineData("{,}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{a:1}")]
    [InlineData("{'a':1}")]
    [InlineData("{1:1}")]
    [InlineData("[1}")]
    [InlineData("{\"a\":1]")]
    [InlineData("\"")]
    [InlineData("\"a")]
    [InlineData("\"\\")]
    [InlineData("\"\\\"")]
    [InlineData("\"\\x41\"")]
    [InlineData("\"\\u\"")]
    [InlineData("\"\\u12\"")]
    [InlineData("\"\\u123g\"")]
    [InlineData("\"\\u+123\"")]
    [InlineData("\"\\U0041\"")]
    [InlineData("\"\n\"")]
    [InlineData("\"\t\"")]
    [InlineData("\"\0\"")]
    [InlineData("tru")]
    [InlineData("True")]
    [InlineData("nul")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-")]
    [InlineData("+1")]
    [InlineData(".5")]
    [InlineData("1.")]
    [InlineData("1.e1")]
    [InlineData("1e")]
    [InlineData("1e+")]
    [InlineData("--1")]
    [InlineData("// comment\n1")]
    [InlineData("/**/1")]
    [InlineData("\ufeff1")]
    [InlineData("\u00a01")]
    [InlineData("\f1")]
    public void What_is_not_json_is_refused(string json) => AssertRefused(json, JsonFailure.Malformed);

    [Theory]
    [InlineData("1 2")]
    [InlineData("01")]
    [InlineData("-01")]
    [InlineData("0x1")]
    [InlineData("{}{}")]
    [InlineData("[]]")]
    [InlineData("nullnull")]
    [InlineData("\"a\"b")]
    [InlineData("1\0")]
    public void Data_after_the_value_is_refused(string json) => AssertRefused(json, JsonFailure.TrailingData);

    [Theory]
    [InlineData(new byte[] { 0x22, 0xff, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xc0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xc3, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xed, 0xa0, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xf4, 0x90, 0x80, 0x80, 0x22 })]
    [InlineData(new byte[] { 0x22, 0xe2, 0x82, 0x5c, 0x6e, 0x22 })]
    public void A_string_that_is_not_utf_8_is_refused(byte[] json)
    {
        Assert.False(Jcs.TryCanonicalize(json, Limits, out _, out var failure));
        Assert.Equal(JsonFailure.InvalidUtf8, failure);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    [InlineData(900)]
    public void Nesting_is_counted_from_one_and_refused_past_the_limit(int depth)
    {
        var limits = new JsonLimits(depth, 10_000);
        foreach (var (open, close) in new[] { ("[", "]"), ("{\"a\":", "}") })
        {
            var inner = open == "[" ? "" : "0";
            string Nested(int n) => string.Concat(Enumerable.Repeat(open, n)) + inner + string.Concat(Enumerable.Repeat(close, n));
            Assert.True(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(Nested(depth)), limits, out _, out _));
            Assert.False(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(Nested(depth + 1)), limits, out _, out var failure));
            Assert.Equal(JsonFailure.TooDeep, failure);
        }
    }

    [Fact]
    public void Endless_nesting_is_refused_without_a_stack_overflow()
    {
        AssertRefused(new string('[', 5_000_000), JsonFailure.TooDeep);
        Assert.Throws<ArgumentOutOfRangeException>(() => Jcs.TryCanonicalize("1"u8, new JsonLimits(100_000, 10), out _, out _));
    }

    [Fact]
    public void The_limit_is_on_the_canonical_length()
    {
        var limits = new JsonLimits(2, 10);
        Assert.True(Jcs.TryCanonicalize("   [ \"123456\" ]       "u8, limits, out var canonical, out _));
        Assert.Equal(10, canonical.Length);
        Assert.True(Jcs.TryCanonicalize("\"\\u0041\\u0041\\u0041\""u8, limits, out _, out _));
        Assert.False(Jcs.TryCanonicalize("[\"1234567\"]"u8, limits, out _, out var failure));
        Assert.Equal(JsonFailure.TooBig, failure);
        Assert.False(Jcs.TryCanonicalize("1e20"u8, limits, out _, out failure));
        Assert.Equal(JsonFailure.TooBig, failure);
        Assert.False(Jcs.TryCanonicalize("[1,2,3,4,5]"u8, limits, out _, out failure));
        Assert.Equal(JsonFailure.TooBig, failure);
    }

    private static void AssertCanonical(string input, string expected)
    {
        Assert.True(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(input), Limits, out var canonical, out var failure), failure.ToString());
        Assert.Equal(expected, Encoding.UTF8.GetString(canonical));
        Assert.True(Jcs.TryCanonicalize(canonical, Limits, out var again, out _));
        Assert.Equal(canonical, again);
    }

    private static void AssertRefused(string json, JsonFailure expected)
    {
        Assert.False(Jcs.TryCanonicalize(Encoding.UTF8.GetBytes(json), Limits, out var canonical, out var failure));
        Assert.Equal(expected, failure);
        Assert.Empty(canonical);
    }
}
