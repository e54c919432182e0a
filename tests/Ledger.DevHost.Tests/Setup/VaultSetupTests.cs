using System.Net;
using System.Net.Http.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Vault;
using Ledger.DevHost.Setup;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Setup;

public sealed class VaultSetupTests : IAsyncLifetime, IDisposable
{
    private const string Input = """{"input":"SGVsbG8="}""", Ed25519 = """{"type":"ed25519"}""";

    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private VaultEmulator _vault = null!;
    private VaultAccess _access = null!;

    public async Task InitializeAsync()
    {
        _vault = await VaultEmulator.StartAsync(new EmulatorOptions { StateDirectory = _folder.Path }, CancellationToken.None);
        _access = await SetUpAsync();
    }

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_workers_make_ledger_keys_and_sign_with_them_and_touch_no_others()
    {
        foreach (var key in new[] { "ledger-ed25519", "ledger-ed25519-checkpoint", "ledger-ed25519-anchor-demo" })
        {
            Assert.True((await SendAsync(HttpMethod.Post, $"keys/{key}", _access.WorkerToken, Ed25519)).IsSuccess());
            Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, $"keys/{key}", _access.WorkerToken));
            Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Post, $"sign/{key}", _access.WorkerToken, Input));
        }
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, "keys/billing", _access.WorkerToken, Ed25519));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Delete, "keys/ledger-ed25519", _access.WorkerToken));
    }

    [Fact]
    public async Task The_API_signs_entries_and_reads_that_key_and_nothing_else()
    {
        foreach (var key in new[] { "ledger-ed25519", "ledger-ed25519-x" })
            await SendAsync(HttpMethod.Post, $"keys/{key}", _access.WorkerToken, Ed25519);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Get, "keys/ledger-ed25519", _access.EntryToken));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Post, "sign/ledger-ed25519", _access.EntryToken, Input));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, "sign/ledger-ed25519-x", _access.EntryToken, Input));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Get, "keys/ledger-ed25519-x", _access.EntryToken));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(HttpMethod.Post, "keys/ledger-ed25519-y", _access.EntryToken, Ed25519));
    }

    [Fact]
    public async Task Setting_up_again_keeps_the_keys()
    {
        await SendAsync(HttpMethod.Post, "keys/ledger-ed25519", _access.WorkerToken, Ed25519);

        var again = await SetUpAsync();

        Assert.Equal(HttpStatusCode.OK, await SendAsync(HttpMethod.Post, "sign/ledger-ed25519", again.EntryToken, Input));
    }

    [Fact]
    public async Task A_token_that_may_not_set_up_is_said_with_Vaults_own_words()
    {
        var setup = new VaultSetup(_http, _access with { RootToken = _access.EntryToken! });
        var refused = await Assert.ThrowsAsync<SetupFailed>(() => setup.RunAsync(CancellationToken.None));

        Assert.Contains("403", refused.Message, StringComparison.Ordinal);
        Assert.Contains("permission denied", refused.Message, StringComparison.Ordinal);
    }

    private Task<VaultAccess> SetUpAsync() =>
        new VaultSetup(_http, new VaultAccess(_vault.Address, _vault.RootToken, "ledger-ed25519")).RunAsync(CancellationToken.None);

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string? token, string? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(_vault.Address, $"/v1/transit/{path}"));
        request.Headers.Add("X-Vault-Token", token);
        if (body is not null)
            request.Content = new StringContent(body);
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }
}

file static class StatusCodes
{
    public static bool IsSuccess(this HttpStatusCode code) => (int)code is >= 200 and < 300;
}
