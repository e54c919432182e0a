using System.Net.Http.Json;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Vault;
using Ledger.Testing;

namespace Ledger.Api.Tests.Fixture;

/// <summary>A Vault emulator with the ledger's keys in it.</summary>
internal sealed class Signer : IAsyncDisposable
{
    public static readonly KeyNames Names = new("ledger-ed25519");

    private readonly HttpClient http;

    private Signer(VaultEmulator vault)
    {
        Vault = vault;
        http = new HttpClient { BaseAddress = vault.Address };
        http.DefaultRequestHeaders.Add("X-Vault-Token", vault.RootToken);
    }

    public VaultEmulator Vault { get; }

    public static async Task<Signer> StartAsync(TempFolder folder)
    {
        var signer = new Signer(await VaultEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["vault"] },
            CancellationToken.None));
        await signer.PostAsync("sys/mounts/transit", new { type = "transit" });
        await signer.MakeKeyAsync(Names.Entry, KeyPurpose.Entry);
        await signer.MakeKeyAsync(Names.Checkpoint, KeyPurpose.Checkpoint);
        return signer;
    }

    public Task MakeKeyAsync(string name, KeyPurpose purpose) => PostAsync($"transit/keys/{name}", new { type = purpose.VaultType() });

    public Task RotateAsync(string name) => PostAsync($"transit/keys/{name}/rotate", new { });

    /// <summary>Vault shows and uses only versions from here on: it has forgotten the others.</summary>
    public Task ForgetBeforeAsync(string name, int version) =>
        PostAsync($"transit/keys/{name}/config", new { min_decryption_version = version, min_encryption_version = version });

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Vault.DisposeAsync();
    }

    private async Task PostAsync(string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(Vault.Address, "/v1/" + path), body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
