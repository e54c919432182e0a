using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Vault;
using Ledger.DevHost.Tests.Emulators.Golden;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class VaultGoldenTests
{
    [Fact]
    public async Task A_fresh_emulator_answers_every_recorded_request_as_the_real_Vault_did()
    {
        using var folder = new TempFolder();
        await using var vault = await VaultEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["vault"] }, default);

        var differences = await Replay.DifferencesAsync("vault", vault.Address, new() { ["{{ROOT_TOKEN}}"] = vault.RootToken });

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [Fact]
    public async Task A_comparison_sees_a_server_that_answers_otherwise()
    {
        using var folder = new TempFolder();
        await using var vault = await VaultEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["vault"] }, default);

        var differences = await Replay.DifferencesAsync("vault", vault.Address, new() { ["{{ROOT_TOKEN}}"] = "hvs.wrong" });

        Assert.True(differences.Count > Exchange.Read("vault").Count / 2, "a wrong root token went unnoticed");
    }
}
