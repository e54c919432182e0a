using System.Net.Http.Json;
using Ledger.Core.Entries;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Vault;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;
using VaultOptions = Ledger.Core.Signing.VaultOptions;

namespace Ledger.Core.Tests.Signing;

/// <summary>The append path over HTTP against the Vault emulator, which shares no code with it and is held to recorded answers of the
/// real one.</summary>
public sealed class VaultEmulatorTests : IAsyncLifetime, IDisposable
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    private readonly TempFolder folder = new();
    private readonly HttpClient operators = new();
    private VaultEmulator vault = null!;

    public async Task InitializeAsync()
    {
        vault = await VaultEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["vault"] }, CancellationToken.None);
        operators.BaseAddress = vault.Address;
        operators.DefaultRequestHeaders.Add("X-Vault-Token", vault.RootToken);
        await AskAsync("sys/mounts/transit", new { type = "transit" });
        await AskAsync($"transit/keys/{FakeVault.EntryKey}", new { type = "ed25519" });
        await AskAsync("sys/policies/acl/entries", new { policy = """
            path "transit/sign/ledger-ed25519" { capabilities = ["update"] }
            path "transit/keys/ledger-ed25519" { capabilities = ["read"] }
            """ });
    }

    public async Task DisposeAsync() => await vault.DisposeAsync();

    public void Dispose()
    {
        operators.Dispose();
        folder.Dispose();
    }

    [PostgresFact]
    public async Task Entries_signed_before_and_after_a_rotation_verify_also_when_Vault_shows_the_old_version_no_more()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var first = await Process(ledger).AppendAsync(Demo);
        await AskAsync($"transit/keys/{FakeVault.EntryKey}/rotate", new { });
        await AskAsync($"transit/keys/{FakeVault.EntryKey}/config", new { min_decryption_version = 2 });
        var second = await Process(ledger).AppendAsync(Demo);
        Assert.NotEqual(first.KeyId, second.KeyId);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_batch_is_one_call()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var items = Enumerable.Range(0, 300).Select(i => new AppendBodyItem(LedgerUnderTest.Item($"s{i}"), null)).ToList();
        await Process(ledger).Appender.AppendBatchAsync(Demo, items, null, CancellationToken.None);
        Assert.Equal((1, 300), (vault.SignCalls, vault.Signatures));
        Assert.Equal(300, await ledger.CheckLogAsync(Demo));
    }

    [PostgresTheory]
    [InlineData(FaultMode.Down, "signer-unavailable")]
    [InlineData(FaultMode.ServerError, "signer-unavailable")]
    [InlineData(FaultMode.Drop, "signer-unavailable")]
    [InlineData(FaultMode.Sealed, "signer-unavailable")]
    [InlineData(FaultMode.BatchItemError, "signer-unavailable")]
    [InlineData(FaultMode.WrongSignature, "signer-invalid")]
    public async Task A_failing_Vault_stores_nothing_and_afterwards_appends_go_on(FaultMode mode, string slug)
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var process = Process(ledger);
        await process.AppendAsync(Demo);
        vault.Faults.Set(mode);
        Assert.Equal(slug, (await LedgerUnderTest.ProblemOfAsync(() => process.AppendAsync(Demo))).Type.Slug);
        vault.Faults.Clear();
        Assert.Equal(1, (await process.AppendAsync(Demo)).Seq);
        Assert.Equal(2, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task Another_public_key_under_a_known_version_is_signer_key_changed_for_a_new_process()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await Process(ledger).AppendAsync(Demo);
        vault.Faults.Set(FaultMode.WrongKey);
        Assert.Equal(ProblemTypes.SignerKeyChanged, (await LedgerUnderTest.ProblemOfAsync(() => Process(ledger).AppendAsync(Demo))).Type);
    }

    [PostgresFact]
    public async Task The_APIs_token_signs_entries_makes_no_key_and_is_refused_once_revoked()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var token = vault.MintToken("entries");
        var process = Process(ledger, token);
        Assert.Equal(0, (await process.AppendAsync(Demo)).Seq);
        Assert.Equal(ProblemTypes.SignerUnavailable,
            (await LedgerUnderTest.ProblemOfAsync(() => process.Vault.CreateKeyAsync("another", KeyPurpose.Entry, CancellationToken.None)))
                .Type);
        Assert.Equal(ProblemTypes.SignerUnavailable,
            (await LedgerUnderTest.ProblemOfAsync(() => Process(ledger, "hvs.wrong").AppendAsync(Demo))).Type);
    }

    [Fact]
    public async Task Keys_of_every_purpose_sign_what_verifies_under_them()
    {
        using var http = new HttpClient();
        var options = Options.Create(new VaultOptions { Address = vault.Address, EntryToken = vault.RootToken });
        var transit = new VaultTransit(http, options, ResiliencePipeline.Empty, NullLogger<VaultTransit>.Instance);
        var message = System.Security.Cryptography.SHA256.HashData("message"u8);
        foreach (var purpose in Enum.GetValues<KeyPurpose>())
        {
            var name = "of-" + purpose.SqlName();
            Assert.Null(await transit.ReadKeyAsync(name, CancellationToken.None));
            for (var twice = 0; twice < 2; twice++) await transit.CreateKeyAsync(name, purpose, CancellationToken.None);
            var key = SigningKey.Create(purpose, name, 1, (await transit.ReadKeyAsync(name, CancellationToken.None))![1]);
            var signed = await transit.SignAsync(name, purpose, [message], CancellationToken.None);
            Assert.True(key.Verifies(message, signed[0].Signature), $"{purpose}");
            Assert.False(key.Verifies(new byte[32], signed[0].Signature), $"{purpose}");
        }
    }

    private LedgerProcess Process(LedgerUnderTest ledger, string? token = null) =>
        ledger.StartProcess(vault: vault.Address, token: token ?? vault.RootToken);

    private async Task AskAsync(string path, object body)
    {
        using var answer = await operators.PostAsJsonAsync("v1/" + path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
