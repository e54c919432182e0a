using System.Text;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class VaultLimitTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private Vault vault = null!;

    public async Task InitializeAsync()
    {
        vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
    }

    public async Task DisposeAsync() => await vault.DisposeAsync();

    public void Dispose()
    {
        folder.Dispose();
    }

    [Theory]
    [InlineData(1_048_576, 200)]
    [InlineData(1_048_580, 500)]
    public async Task A_string_ends_at_one_MiB(int length, int status)
        => Assert.Equal(status, (await vault.SendAsync("POST", "transit/sign/ed", $$"""{"input":"{{new string('A', length)}}"}""")).Status);

    [Theory]
    [InlineData(10_000, 200)]
    [InlineData(10_001, 500)]
    public async Task An_array_ends_at_ten_thousand_elements(int count, int status)
        => Assert.Equal(status, (await vault.SendAsync("POST", "transit/sign/ed",
            $$"""{"batch_input":[{{string.Join(',', Enumerable.Repeat("{\"input\":\"QQ==\"}", count))}}]}""")).Status);

    [Theory]
    [InlineData(10_000, 200)]
    [InlineData(10_001, 500)]
    public async Task An_object_ends_at_ten_thousand_fields(int count, int status)
        => Assert.Equal(status, (await vault.SendAsync("POST", "transit/sign/ed",
            "{\"x\":{" + string.Join(',', Enumerable.Range(0, count).Select(i => $"\"k{i}\":1")) + "}}")).Status);

    [Theory]
    [InlineData(299, 200)]
    [InlineData(300, 500)]
    public async Task Nesting_ends_at_three_hundred(int arrays, int status)
        => Assert.Equal(status, (await vault.SendAsync("POST", "transit/sign/ed",
            new StringBuilder("{\"x\":").Append('[', arrays).Append(']', arrays).Append('}').ToString())).Status);

    [Fact]
    public async Task A_body_ends_at_32_MiB()
    {
        static string Body(int length) => "{\"input\":\"QQ==\"".PadRight(length - 1) + "}";

        Assert.Equal(200, (await vault.SendAsync("POST", "transit/sign/ed", Body(32 << 20))).Status);

        // Asked before it is sent: a client in the middle of sending may see a closed connection instead of the answer.
        using var http = new HttpClient { BaseAddress = vault.Emulator.Address };
        using var tooLong = new HttpRequestMessage(HttpMethod.Post, "/v1/transit/sign/ed");
        tooLong.Content = new StringContent(Body((32 << 20) + 1));
        tooLong.Headers.ExpectContinue = true;
        using var refused = await http.SendAsync(tooLong);
        Assert.Equal(413, (int)refused.StatusCode);
        Assert.True(refused.Headers.ConnectionClose);
        Assert.Equal("{\"errors\":[\"http: request body too large\"]}\n", await refused.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{\"input\":", "malformed JSON, unclosed containers")]
    [InlineData("{\"input\":}", "invalid character '}' looking for beginning of value")]
    [InlineData("{\"a\" 1}", "invalid character '1' after object key")]
    [InlineData("{\"a\":1,}", "invalid character '}' looking for beginning of object key string")]
    [InlineData("{\"a\":1}}", "invalid character '}' after top-level value")]
    [InlineData("[1,2", "malformed JSON, unclosed containers")]
    [InlineData("{\"input\":\"a\",\"input\":\"b\"}", "duplicate key 'input' in object")]
    [InlineData("{\"x\":[{\"y\":{\"z\":1,\"z\":2}}]}", "duplicate key 'z' in object")]
    public async Task A_body_that_is_no_JSON_is_a_500_in_the_words_of_Go(string body, string text)
    {
        var (status, answer) = await vault.SendAsync("POST", "transit/sign/ed", body);

        Assert.Equal((500, text), (status, Vault.FirstError(answer)));
    }

    [Theory]
    [InlineData("***", 0)]
    [InlineData("QQ", 0)]
    [InlineData("QUJDQQ", 4)]
    [InlineData("QQ=", 3)]
    [InlineData("QQ==QQ==", 4)]
    [InlineData("QUJD QUJD", 4)]
    [InlineData("-_-_", 0)]
    public async Task Base64_is_as_strict_as_Gos_and_names_the_same_byte(string input, int at)
    {
        var (status, answer) = await vault.SendAsync("POST", "transit/sign/ed", new { input });

        Assert.Equal((400, $"unable to decode input: illegal base64 data at input byte {at}"), (status, Vault.FirstError(answer)));
    }
}
