using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Vault;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

/// <summary>An emulator with transit mounted, and the requests that tests make of it.</summary>
internal sealed class Vault : IAsyncDisposable
{
    private readonly HttpClient http;

    private Vault(VaultEmulator emulator)
    {
        Emulator = emulator;
        http = new HttpClient { BaseAddress = emulator.Address };
    }

    public VaultEmulator Emulator { get; }

    public static async Task<Vault> StartAsync(TempFolder folder, int port = 0)
    {
        var options = new EmulatorOptions { StateDirectory = folder["vault"], Port = port };
        var vault = new Vault(await VaultEmulator.StartAsync(options, CancellationToken.None));
        await vault.SendAsync("POST", "sys/mounts/transit", new { type = "transit" });
        return vault;
    }

    /// <summary>Status and body (undefined where there is none) as root, or with another token, or with none (empty).</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, object? body = null, string? token = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/v1/" + path, UriKind.Relative));
        if (body is string raw)
            request.Content = new StringContent(raw, Encoding.UTF8, "application/json");
        else if (body is not null)
            request.Content = JsonContent.Create(body);
        token ??= Emulator.RootToken;
        if (token.Length > 0)
            request.Headers.Add("X-Vault-Token", token);
        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 ? JsonElement.Parse(text) : default);
    }

    public async Task<JsonElement> DataAsync(string method, string path, object? body = null)
    {
        var (status, answer) = await SendAsync(method, path, body);
        Assert.True(status == 200, $"{method} {path}: {status} {answer}");
        return answer.GetProperty("data");
    }

    public async Task<string> SignAsync(string key, byte[] input)
    {
        var data = await DataAsync("POST", $"transit/sign/{key}", new { input = Convert.ToBase64String(input) });
        return data.GetProperty("signature").GetString()!;
    }

    /// <summary>The text of the key's version: base64 for Ed25519, PEM for ECDSA.</summary>
    public async Task<string> PublicKeyAsync(string key, int version = 1)
    {
        var data = await DataAsync("GET", $"transit/keys/{key}");
        return data.GetProperty("keys").GetProperty($"{version}").GetProperty("public_key").GetString()!;
    }

    public static byte[] BytesOf(string signature) => Convert.FromBase64String(signature[(signature.LastIndexOf(':') + 1)..]);

    public static string? FirstError(JsonElement body) => body.GetProperty("errors")[0].GetString();

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Emulator.DisposeAsync();
    }
}
