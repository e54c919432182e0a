using System.Diagnostics;
using System.Text.Json;
using Ledger.DevHost.Emulators.Vault;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class SignCostTests
{
    [Fact]
    public async Task A_sign_call_takes_at_least_what_it_costs_and_calls_beyond_the_servers_wait_in_line()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
        vault.Emulator.SignCost = new SignCost
        {
            PerCall = TimeSpan.FromMilliseconds(20),
            PerSignature = TimeSpan.FromMilliseconds(10),
            Servers = 1,
        };

        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => vault.SignAsync("ed", [1])));

        // Four times (20 + 10) ms behind one another; only a lower bound, so no machine is too slow for it.
        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(119), $"only {Stopwatch.GetElapsedTime(start)}");
        Assert.Equal((4, 4), (vault.Emulator.SignCalls, vault.Emulator.Signatures));
    }

    [Fact]
    public async Task Counters_and_cost_are_at_the_control_endpoint_too()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        using var http = new HttpClient { BaseAddress = vault.Emulator.Address };
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
        await vault.DataAsync("POST", "transit/sign/ed", new { batch_input = new[] { new { input = "" }, new { input = "" } } });

        var counters = JsonElement.Parse(await http.GetStringAsync("/emulator/vault/counters"));
        const string cost = """{"per_call_us":400,"per_signature_us":25}""";
        using var set = await http.PostAsync("/emulator/vault/sign-cost", new StringContent(cost));

        Assert.Equal((1, 2), (counters.GetProperty("sign_calls").GetInt32(), counters.GetProperty("signatures").GetInt32()));
        Assert.Equal(new SignCost(), vault.Emulator.SignCost);
        using var cleared = await http.DeleteAsync("/emulator/vault/sign-cost");
        Assert.Null(vault.Emulator.SignCost);
    }
}
