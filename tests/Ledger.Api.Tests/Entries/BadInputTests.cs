using System.Net.Http.Headers;
using System.Text;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Entries;

/// <summary>What a writer must not get away with. After each row the tenant still has no entry.</summary>
public class BadInputTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Payload = "SGVsbG8gV29ybGQ=";

    public static TheoryData<string, string, string, string?> Bodies => new()
    {
        { "nothing", "", "malformed-json", null },
        { "no JSON", "subject=x", "malformed-json", null },
        { "an array", "[]", "malformed-json", null },
        { "half an object", """{"subject":"s",""", "malformed-json", null },
        { "two values", $$"""{"subject":"s","payload":"{{Payload}}"} {}""", "malformed-json", null },
        { "a comment", $$"""{"subject":"s",/**/"payload":"{{Payload}}"}""", "malformed-json", null },
        { "missing subject", $$"""{"payload":"{{Payload}}"}""", "missing-field", "subject" },
        { "null subject", $$"""{"subject":null,"payload":"{{Payload}}"}""", "missing-field", "subject" },
        { "empty subject", $$"""{"subject":"","payload":"{{Payload}}"}""", "invalid-field", "subject" },
        { "subject of 257 characters", $$"""{"subject":"{{new string('s', 257)}}","payload":"{{Payload}}"}""", "invalid-field", "subject" },
        { "subject that is a number", $$"""{"subject":7,"payload":"{{Payload}}"}""", "invalid-field", "subject" },
        { "NUL in the subject", $$"""{"subject":"a\u0000b","payload":"{{Payload}}"}""", "invalid-text", "subject" },
        { "lone surrogate in the subject", $$"""{"subject":"a\ud800b","payload":"{{Payload}}"}""", "invalid-text", "subject" },
        { "missing payload", """{"subject":"s"}""", "missing-field", "payload" },
        { "null payload", """{"subject":"s","payload":null}""", "missing-field", "payload" },
        { "empty payload", """{"subject":"s","payload":""}""", "invalid-field", "payload" },
        { "payload that is an object", """{"subject":"s","payload":{}}""", "invalid-field", "payload" },
        { "bad base64", """{"subject":"s","payload":"SGVsbG8*"}""", "invalid-base64", "payload" },
        { "base64 without padding", """{"subject":"s","payload":"SGVsbG8gV29ybGQ"}""", "invalid-base64", "payload" },
        { "base64url", """{"subject":"s","payload":"-_-_"}""", "invalid-base64", "payload" },
        { "base64 with a line break", """{"subject":"s","payload":"SGVs\nbG8="}""", "invalid-base64", "payload" },
        { "base64 with stray bits", """{"subject":"s","payload":"SGVsbG9="}""", "invalid-base64", "payload" },
        { "payload over the limit", $$"""{"subject":"s","payload":"{{Convert.ToBase64String(new byte[1024 * 1024 + 1])}}"}""",
            "payload-too-large", "payload" },
        { "meta that is an array", WithMeta("""[]"""), "invalid-meta", "meta" },
        { "meta that is null", WithMeta("""null"""), "invalid-meta", "meta" },
        { "meta too deep", WithMeta("""{"a":[[[[[[[[1]]]]]]]]}"""), "invalid-meta", "meta" },
        { "meta too big", WithMeta($$"""{"a":"{{new string('x', 16 * 1024)}}"}"""), "invalid-meta", "meta" },
        { "meta with a name twice", WithMeta("""{"a":{"b":1,"b":2}}"""), "invalid-meta", "meta" },
        { "meta with a number no double holds", WithMeta("""{"a":9007199254740993}"""), "invalid-meta", "meta" },
        { "NUL in meta", WithMeta("""{"a":"\u0000"}"""), "invalid-meta", "meta" },
        { "lone surrogate in meta", WithMeta("""{"a":"\udc00"}"""), "invalid-meta", "meta" },
        { "unknown field", $$"""{"subject":"s","payload":"{{Payload}}","tenant":"other"}""", "unknown-field", "tenant" },
        { "field in another case", $$"""{"Subject":"s","payload":"{{Payload}}"}""", "unknown-field", "Subject" },
        { "field twice", $$"""{"subject":"s","subject":"t","payload":"{{Payload}}"}""", "duplicate-field", "subject" },
    };

    [PostgresTheory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_append_names_its_fault_and_writes_nothing(string what, string body, string slug, string? field)
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/append", Answers.Json(body));
        await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug), field);
        await NothingWrittenAsync(tenant, what);
    }

    [PostgresFact]
    public async Task A_body_that_is_not_UTF_8_is_refused()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var content = new ByteArrayContent([.. "{\"subject\":\""u8, 0xff, 0xfe, .. "\",\"payload\":\"QQ==\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync("/append", content);
        Assert.Equal(400, (int)answer.StatusCode);
        await NothingWrittenAsync(tenant, "invalid UTF-8");
    }

    [PostgresTheory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/jsonx")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused(string? type)
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes($$"""{"subject":"s","payload":"{{Payload}}"}"""));
        if (type is not null) content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var answer = await client.PostAsync("/append", content);
        await answer.IsProblemAsync(ProblemTypes.UnsupportedMediaType, "Content-Type");
        await NothingWrittenAsync(tenant, type ?? "none");
    }

    [PostgresTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_refused_also_when_it_does_not_say_its_length(bool chunked)
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var content = new ByteArrayContent(new byte[3 * 1024 * 1024]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/append") { Content = content };
        if (chunked)
        {
            request.Headers.TransferEncodingChunked = true;
            content.Headers.ContentLength = null;
        }
        using var answer = await client.SendAsync(request);
        await answer.IsProblemAsync(ProblemTypes.PayloadTooLarge);
        await NothingWrittenAsync(tenant, "large");
    }

    [PostgresFact]
    public async Task The_largest_payload_is_accepted()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/append",
            Answers.Json($$"""{"subject":"s","payload":"{{Convert.ToBase64String(new byte[1024 * 1024])}}"}"""));
        await answer.JsonAsync(System.Net.HttpStatusCode.Created);
    }

    [PostgresFact]
    public async Task A_query_parameter_that_is_not_known_is_refused()
    {
        var tenant = await ledger.AddTenantAsync();
        using var client = ledger.ClientFor(tenant);
        using var answer = await client.PostAsync("/append?dry_run=true", Answers.Json($$"""{"subject":"s","payload":"{{Payload}}"}"""));
        await answer.IsProblemAsync(ProblemTypes.InvalidParameter, "dry_run");
        await NothingWrittenAsync(tenant, "query");
    }

    private static string WithMeta(string meta) => $$"""{"subject":"s","payload":"{{Payload}}","meta":{{meta}} }""";

    private async Task NothingWrittenAsync(string tenant, string what)
    {
        Assert.True(await ledger.CountAsync("chain_entries", tenant) == 0, what);
        Assert.True(await ledger.CountAsync("entry_meta", tenant) == 0, what);
        Assert.True(await ledger.CountAsync("idempotency", tenant) == 0, what);
    }
}
