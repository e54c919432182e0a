using System.Text;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

/// <summary>Fields that were not sent, that have another type, or that come in curl's clothes.</summary>
public sealed class VaultRequestTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private Vault vault = null!;

    public async Task InitializeAsync()
    {
        vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
    }

    public async Task DisposeAsync() => await vault.DisposeAsync();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Verifying_without_a_signature_says_what_is_missing()
    {
        var (status, body) = await vault.SendAsync("POST", "transit/verify/ed", """{"input":"QQ=="}""");
        Assert.Equal(400, status);
        Assert.Equal("missing one of 'signature', 'hmac' or 'cmac' arguments to verify", body.GetProperty("errors")[0].GetString());
    }

    [Theory]
    [InlineData("""{"input":true}""", "'[0][input]' expected type 'string', got unconvertible type 'bool', value: 'true'")]
    [InlineData("""{"input":{"a":1}}""", "'[0][input]' expected type 'string', got unconvertible type 'map[string]interface {}'")]
    [InlineData("""{"input":"QQ==","reference":[1]}""", "'[0][reference]' expected type 'string', got unconvertible type '[]interface {}'")]
    public async Task A_batch_item_of_another_type_is_refused_and_nothing_is_signed(string item, string error)
    {
        var (status, body) = await vault.SendAsync("POST", "transit/sign/ed", $$"""{"batch_input":[{{item}},{"input":"QQ=="}]}""");
        Assert.Equal(500, status);
        Assert.Contains("1 error(s) decoding:", body.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains(error, body.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task JSON_that_is_called_a_form_is_JSON()
    {
        using var http = new HttpClient { BaseAddress = vault.Emulator.Address };
        http.DefaultRequestHeaders.Add("X-Vault-Token", vault.Emulator.RootToken);
        using var body = new StringContent(""" {"input":"QQ=="}""", Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await http.PostAsync(new Uri("/v1/transit/sign/ed", UriKind.Relative), body);
        Assert.DoesNotContain("unrecognized parameters", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(await vault.SignAsync("ed", "A"u8.ToArray()), await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
