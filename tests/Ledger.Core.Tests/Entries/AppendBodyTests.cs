using System.Text;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Verify;

namespace Ledger.Core.Tests.Entries;

public sealed class AppendBodyTests
{
    private const string Payload = "\"SGVsbG8gV29ybGQ=\"";

    [Fact]
    public void The_example_of_the_documentation_is_read()
    {
        var item = Read("""{"subject":"user-action","payload":"SGVsbG8gV29ybGQ=","meta":{"user_id":"12345"}}""");
        Assert.Equal("user-action", item.Subject);
        Assert.Equal("a591a6d40bf420404a011733cfb7b190d62c65bf0bcda32b57b277d9ad9f146e", item.PayloadHash.ToHex());
        Assert.Equal("""{"user_id":"12345"}""", Encoding.UTF8.GetString(item.Meta));
    }

    [Theory]
    [InlineData("""{"subject":"s","payload":"AA=="}""", "s", "{}")]
    [InlineData(""" { "payload" : "AA==" , "subject" : "s" } """, "s", "{}")]
    [InlineData("""{"subj\u0065ct":"\u00e4\ud83d\ude00","payload":"A\u0041=="}""", "ä😀", "{}")]
    [InlineData("""{"subject":"s","payload":"\/\/\/\/","meta":{"b":1.50,"a":"\u20ac"}}""", "s", """{"a":"€","b":1.5}""")]
    [InlineData("""{"subject":" \n\u0001","payload":"AA==","meta":{"payload":1,"subject":{"subject":[]}}}""", " \n\u0001",
        """{"payload":1,"subject":{"subject":[]}}""")]
    public void A_body_is_read_whatever_its_spelling(string body, string subject, string meta)
    {
        var item = Read(body);
        Assert.Equal((subject, meta), (item.Subject, Encoding.UTF8.GetString(item.Meta)));
    }

    public static TheoryData<string, string, string?> Bad => new()
    {
        // not one JSON object
        { "", "malformed-json", null },
        { "   ", "malformed-json", null },
        { "null", "malformed-json", null },
        { "[]", "malformed-json", null },
        { "\"subject\"", "malformed-json", null },
        { "{", "malformed-json", null },
        { $$"""{"subject":"s","payload":{{Payload}}""", "malformed-json", null },
        { $$"""{"subject":"s","payload":{{Payload}},}""", "malformed-json", null },
        { $$"""{"subject":"s","payload":{{Payload}}} x""", "malformed-json", null },
        { $$"""{"subject":"s","payload":{{Payload}}}{}""", "malformed-json", null },
        { $$"""{"subject":"s"/* */,"payload":{{Payload}}}""", "malformed-json", null },
        { $$"""{'subject':"s","payload":{{Payload}}}""", "malformed-json", null },
        { $$"""{"subject":"\x","payload":{{Payload}}}""", "malformed-json", null },
        { "\uFEFF{}", "malformed-json", null },
        // subject
        { $$"""{"payload":{{Payload}}}""", "missing-field", "subject" },
        { $$"""{"subject":null,"payload":{{Payload}}}""", "missing-field", "subject" },
        { $$"""{"subject":"","payload":{{Payload}}}""", "invalid-field", "subject" },
        { $$"""{"subject":1,"payload":{{Payload}}}""", "invalid-field", "subject" },
        { $$"""{"subject":["s"],"payload":{{Payload}}}""", "invalid-field", "subject" },
        { $$"""{"subject":"a\u0000b","payload":{{Payload}}}""", "invalid-text", "subject" },
        { $$"""{"subject":"\ud83d","payload":{{Payload}}}""", "invalid-text", "subject" },
        { $$"""{"subject":"\ude00\ud83d","payload":{{Payload}}}""", "invalid-text", "subject" },
        { $$"""{"subject":"s","subject":"s","payload":{{Payload}}}""", "duplicate-field", "subject" },
        { $$"""{"subject":"s","subj\u0065ct":"t","payload":{{Payload}}}""", "duplicate-field", "subject" },
        // payload
        { """{"subject":"s"}""", "missing-field", "payload" },
        { """{"subject":"s","payload":null}""", "missing-field", "payload" },
        { """{"subject":"s","payload":""}""", "invalid-field", "payload" },
        { """{"subject":"s","payload":true}""", "invalid-field", "payload" },
        { """{"subject":"s","payload":{}}""", "invalid-field", "payload" },
        { """{"subject":"s","payload":"AA==","payload":"AA=="}""", "duplicate-field", "payload" },
        { """{"subject":"s","payload":"AA"}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"AA="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"A"}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"===="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"AA==AA=="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"AB=="}""", "invalid-base64", "payload" }, // unused bits
        { """{"subject":"s","payload":"AAB="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"-_8="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":" AA=="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"AA== "}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"AA\n=="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"    "}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"A  A=="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"\u0000A=="}""", "invalid-base64", "payload" },
        { """{"subject":"s","payload":"\ud800A=="}""", "invalid-base64", "payload" },
        // meta
        { $$"""{"subject":"s","payload":{{Payload}},"meta":null}""", "invalid-meta", "meta" },
        { $$"""{"subject":"s","payload":{{Payload}},"meta":[]}""", "invalid-meta", "meta" },
        { $$"""{"subject":"s","payload":{{Payload}},"meta":"{}"}""", "invalid-meta", "meta" },
        { """{"subject":"s","payload":"SGVsbG8gV29ybGQ=","meta":{"a":1,"a":1}}""", "invalid-meta", "meta" },
        { """{"subject":"s","payload":"SGVsbG8gV29ybGQ=","meta":{"x":[{"a":1,"\u0061":2}]}}""", "invalid-meta", "meta" },
        { """{"subject":"s","payload":"SGVsbG8gV29ybGQ=","meta":{"a":"\u0000"}}""", "invalid-meta", "meta" },
        { """{"subject":"s","payload":"SGVsbG8gV29ybGQ=","meta":{"\ud800":1}}""", "invalid-meta", "meta" },
        { """{"subject":"s","payload":"SGVsbG8gV29ybGQ=","meta":{"a":9007199254740993}}""", "invalid-meta", "meta" },
        { """{"subject":"s","payload":"SGVsbG8gV29ybGQ=","meta":{"a":1e999}}""", "invalid-meta", "meta" },
        { """{"subject":"s","payload":"SGVsbG8gV29ybGQ=","meta":{},"meta":{}}""", "duplicate-field", "meta" },
        // members
        { $$"""{"subject":"s","payload":{{Payload}},"tenant":"other"}""", "unknown-field", "tenant" },
        { $$"""{"Subject":"s","payload":{{Payload}}}""", "unknown-field", "Subject" },
        { $$"""{"subject":"s","payload":{{Payload}},"":1}""", "unknown-field", "" },
        { $$"""{"subject":"s","payload":{{Payload}},"a\u0000":1}""", "invalid-text", null },
        { $$"""{"subject":"s","payload":{{Payload}},"\ud800":1}""", "invalid-text", null },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_body_is_refused_with_its_slug_and_its_field(string body, string slug, string? field)
    {
        AssertProblem(ProblemOf(() => AppendBody.ReadOne(Encoding.UTF8.GetBytes(body))), slug, field, field);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void A_bad_item_is_refused_by_itself_and_its_neighbours_are_not(string body, string slug, string? field)
    {
        if (slug == "malformed-json") return; // then the frame is malformed too, or the item is another value: tested below
        var (before, after) = ("""{"subject":"a","payload":"AA=="}""", """{"subject":"c","payload":"AA=="}""");
        var items = AppendBody.ReadBatch(Encoding.UTF8.GetBytes($$"""{"items":[{{before}},{{body}},{{after}}]}"""));
        Assert.Equal(["a", null, "c"], items.Select(i => i.Item?.Subject));
        AssertProblem(items[1].Problem!, slug, field is null ? "items[1]" : "items[1]." + field, field);
    }

    // Bytes 0x80–0xFF of these strings are sent as they are: none of them is UTF-8.
    [Theory]
    [InlineData("{\"subject\":\"\xff\",\"payload\":\"AA==\"}", "invalid-text", "subject")]
    [InlineData("{\"subject\":\"\xc0\x80\",\"payload\":\"AA==\"}", "invalid-text", "subject")]
    [InlineData("{\"subject\":\"\xed\xa0\x80\",\"payload\":\"AA==\"}", "invalid-text", "subject")]
    [InlineData("{\"subject\":\"s\",\"payload\":\"AA\xff=\"}", "invalid-base64", "payload")]
    [InlineData("{\"subject\":\"s\",\"payload\":\"AA==\",\"meta\":{\"a\":\"\xff\"}}", "invalid-meta", "meta")]
    [InlineData("{\"subject\":\"s\",\"payload\":\"AA==\",\"\xff\":1}", "invalid-text", null)]
    [InlineData("{\"subject\":\"s\",\"payload\":\"AA==\"}\xff", "malformed-json", null)]
    public void Bytes_that_are_not_utf8_are_refused(string latin1, string slug, string? field) =>
        AssertProblem(ProblemOf(() => AppendBody.ReadOne(Encoding.Latin1.GetBytes(latin1))), slug, field, field);

    [Fact]
    public void A_subject_counts_code_points_not_code_units()
    {
        var most = string.Concat(Enumerable.Repeat("😀", 256));
        Assert.Equal(most, Read($$"""{"subject":"{{most}}","payload":"AA=="}""").Subject);
        AssertProblem(ProblemOf(() => Read($$"""{"subject":"{{most}}x","payload":"AA=="}""")), "invalid-field", "subject", "subject");
    }

    [Theory]
    [InlineData(1024 * 1024, null)]
    [InlineData(1024 * 1024 + 1, "payload-too-large")]
    [InlineData(1024 * 1024 + 3, "payload-too-large")]
    public void A_payload_may_have_a_mebibyte_and_not_a_byte_more(int bytes, string? slug)
    {
        var payload = new byte[bytes];
        var body = $$"""{"subject":"s","payload":"{{Convert.ToBase64String(payload)}}"}""";
        if (slug is null) Assert.Equal(Digest.Sha256(payload), Read(body).PayloadHash);
        else AssertProblem(ProblemOf(() => Read(body)), slug, "payload", "payload");
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    [InlineData(500, false)]
    [InlineData(100_000, false)]
    public void Meta_may_be_eight_deep(int depth, bool fine)
    {
        var meta = "{\"a\":" + new string('[', depth - 1) + new string(']', depth - 1) + "}";
        var body = $$"""{"subject":"s","payload":"AA==","meta":{{meta}}}""";
        if (fine) Assert.Equal(meta, Encoding.UTF8.GetString(Read(body).Meta));
        else AssertProblem(ProblemOf(() => Read(body)), "invalid-meta", "meta", "meta");
    }

    [Theory]
    [InlineData(16 * 1024, true)]
    [InlineData(16 * 1024 + 1, false)]
    public void Meta_may_have_sixteen_kibibytes_in_its_canonical_form(int bytes, bool fine)
    {
        var blanks = new string(' ', 50_000); // not counted
        var body = $$$"""{"subject":"s","payload":"AA==","meta":{{{{blanks}}}"a":"{{{new string('x', bytes - 8)}}}"}}""";
        if (fine) Assert.Equal(bytes, Read(body).Meta.Length);
        else AssertProblem(ProblemOf(() => Read(body)), "invalid-meta", "meta", "meta");
    }

    [Fact]
    public void A_long_unknown_name_comes_back_cut_but_never_through_a_surrogate_pair()
    {
        var problem = ProblemOf(() => Read($$"""{"{{new string('a', 63)}}😀😀":1}"""));
        AssertProblem(problem, "unknown-field", new string('a', 63) + "…", null);
    }

    [Theory]
    [InlineData("""[]""", "malformed-json", null)]
    [InlineData("""{}""", "missing-field", "items")]
    [InlineData("""{"items":null}""", "invalid-field", "items")]
    [InlineData("""{"items":{}}""", "invalid-field", "items")]
    [InlineData("""{"items":[]}""", "invalid-field", "items")]
    [InlineData("""{"items":[1],"items":[1]}""", "duplicate-field", "items")]
    [InlineData("""{"items":[1],"more":1}""", "unknown-field", "more")]
    [InlineData("""{"items":[1]} 1""", "malformed-json", null)]
    [InlineData("""{"items":[{]}""", "malformed-json", null)]
    [InlineData("""{"items":[{"subject":"s"}""", "malformed-json", null)]
    public void A_bad_frame_of_a_batch_is_refused_as_a_whole(string body, string slug, string? field) =>
        AssertProblem(ProblemOf(() => AppendBody.ReadBatch(Encoding.UTF8.GetBytes(body))), slug, field, field);

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[[{}]]")]
    [InlineData("\"s\"")]
    public void An_item_that_is_no_object_is_refused_by_itself(string item)
    {
        var items = AppendBody.ReadBatch(Encoding.UTF8.GetBytes($$"""{"items":[{{item}},{"subject":"s","payload":"AA=="}]}"""));
        AssertProblem(items[0].Problem!, "invalid-field", "items[0]", null);
        Assert.Equal("s", items[1].Item!.Subject);
    }

    [Theory]
    [InlineData(1000, null)]
    [InlineData(1001, "too-many-items")]
    public void A_batch_may_have_a_thousand_items(int count, string? slug)
    {
        var body = Encoding.UTF8.GetBytes("{\"items\":[" + string.Join(',',
            Enumerable.Repeat("""{"subject":"s","payload":"AA=="}""", count)) + "]}");
        if (slug is null) Assert.Equal(count, AppendBody.ReadBatch(body).Count(i => i.Item is not null));
        else AssertProblem(ProblemOf(() => AppendBody.ReadBatch(body)), slug, "items", "items");
    }

    private static AppendItem Read(string body) => AppendBody.ReadOne(Encoding.UTF8.GetBytes(body));

    private static LedgerProblem ProblemOf(Action act) => Assert.Throws<LedgerProblemException>(act).Problem;

    private static void AssertProblem(LedgerProblem problem, string slug, string? field, string? named)
    {
        Assert.Equal((slug, field), (problem.Type.Slug, problem.Field));
        Assert.InRange(problem.Type.Status, 400, 499);
        if (named is not null) Assert.Contains($"{named}'", problem.Detail, StringComparison.Ordinal);
    }
}
