using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class FaultTests : IAsyncLifetime, IDisposable
{
    private static readonly object Hello = new { input = "aGVsbG8=" };

    private readonly TempFolder folder = new();
    private Vault vault = null!;
    private HttpClient control = null!;

    private FaultSwitch Faults => vault.Emulator.Faults;

    public async Task InitializeAsync()
    {
        vault = await Vault.StartAsync(folder);
        control = new HttpClient { BaseAddress = vault.Emulator.Address };
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
    }

    public async Task DisposeAsync() => await vault.DisposeAsync();

    public void Dispose()
    {
        control.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Down_aborts_the_connection_for_as_many_requests_as_asked()
    {
        Faults.Set(FaultMode.Down, count: 2);

        await Assert.ThrowsAsync<HttpRequestException>(() => control.PutAsJsonAsync("/v1/transit/sign/ed", Hello));
        await Assert.ThrowsAsync<HttpRequestException>(() => control.PutAsJsonAsync("/v1/transit/sign/ed", Hello));
        Assert.Equal(200, (await vault.SendAsync("POST", "transit/sign/ed", Hello)).Status);
    }

    [Fact]
    public async Task Slow_holds_back_the_right_answer()
    {
        var delay = TimeSpan.FromMilliseconds(300);
        Faults.Set(new Fault(FaultMode.Slow) { PathPrefix = "/v1/transit/sign", Delay = delay });

        var start = Stopwatch.GetTimestamp();
        var slow = await vault.SendAsync("POST", "transit/sign/ed", Hello);

        Assert.Equal(200, slow.Status);
        // Only a lower bound, so no machine is too slow for it.
        Assert.True(Stopwatch.GetElapsedTime(start) >= delay * 0.9, "the answer came at once");
    }

    [Fact]
    public async Task A_server_error_hits_the_paths_it_was_set_for()
    {
        Faults.Set(new Fault(FaultMode.ServerError) { PathPrefix = "/v1/transit/sign", Status = 502 });

        Assert.Equal(502, (await vault.SendAsync("POST", "transit/sign/ed", Hello)).Status);
        Assert.Equal(200, (await vault.SendAsync("GET", "transit/keys/ed")).Status);
        Faults.Clear();
        Assert.Equal(200, (await vault.SendAsync("POST", "transit/sign/ed", Hello)).Status);
    }

    [Fact]
    public async Task Drop_cuts_the_connection_after_half_an_answer_whose_work_was_done()
    {
        Faults.Set(FaultMode.Drop, count: 1);

        await Assert.ThrowsAsync<HttpRequestException>(() => vault.SendAsync("POST", "transit/keys/dropped", new { type = "ed25519" }));
        Assert.Equal(200, (await vault.SendAsync("GET", "transit/keys/dropped")).Status);
    }

    [Fact]
    public async Task Too_many_requests_says_when_to_come_back()
    {
        Faults.Set(new Fault(FaultMode.TooManyRequests) { RetryAfter = TimeSpan.FromSeconds(7) });

        using var answer = await control.PutAsJsonAsync("/v1/transit/sign/ed", Hello);

        Assert.Equal((429, "7"), ((int)answer.StatusCode, answer.Headers.RetryAfter!.ToString()));
    }

    [Fact]
    public async Task A_request_that_hangs_ends_when_its_caller_gives_up()
    {
        Faults.Set(FaultMode.Hang, count: 1);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => control.PutAsJsonAsync("/v1/transit/sign/ed", Hello, patience.Token));

        Assert.Equal(200, (await vault.SendAsync("POST", "transit/sign/ed", Hello)).Status);
    }

    [Theory]
    [InlineData(FaultMode.Down, false)]
    [InlineData(FaultMode.Down, true)]
    [InlineData(FaultMode.Hang, false)]
    [InlineData(FaultMode.Hang, true)]
    [InlineData(FaultMode.ServerError, false)]
    [InlineData(FaultMode.ServerError, true)]
    [InlineData(FaultMode.TooManyRequests, false)]
    [InlineData(FaultMode.TooManyRequests, true)]
    public async Task A_fault_comes_before_the_work_or_after_it(FaultMode mode, bool afterWork)
    {
        Faults.Set(new Fault(mode) { AfterWork = afterWork, Count = 1 });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/transit/keys/faulty");
            request.Content = JsonContent.Create(new { type = "ed25519" });
            request.Headers.Add("X-Vault-Token", vault.Emulator.RootToken);
            using var answer = await control.SendAsync(request, patience.Token);
            Assert.False(answer.IsSuccessStatusCode);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            Assert.True(mode is FaultMode.Down or FaultMode.Hang, e.Message);
        }

        Assert.Equal(afterWork ? 200 : 404, (await vault.SendAsync("GET", "transit/keys/faulty")).Status);
    }

    [Fact]
    public async Task A_wrong_signature_does_not_verify()
    {
        Faults.Set(FaultMode.WrongSignature, count: 1);
        var wrong = (await vault.DataAsync("POST", "transit/sign/ed", Hello)).GetProperty("signature").GetString();
        var right = (await vault.DataAsync("POST", "transit/sign/ed", Hello)).GetProperty("signature").GetString();

        Assert.False(await VerifiesAsync(wrong!));
        Assert.True(await VerifiesAsync(right!));
    }

    [Fact]
    public async Task A_swapped_key_shows_and_signs_as_another_key_of_the_same_version()
    {
        var (before, signature) = (await vault.PublicKeyAsync("ed"), await vault.SignAsync("ed", [1]));
        Faults.Set(FaultMode.WrongKey);

        var during = await vault.PublicKeyAsync("ed");
        Assert.NotEqual(before, during);
        Assert.Equal(during, await vault.PublicKeyAsync("ed"));
        Assert.NotEqual(signature, await vault.SignAsync("ed", [1]));
        Faults.Clear();
        Assert.Equal(before, await vault.PublicKeyAsync("ed"));
    }

    [Fact]
    public async Task One_item_of_a_batch_can_fail_alone()
    {
        Faults.Set(FaultMode.BatchItemError);

        var data = await vault.DataAsync("POST", "transit/sign/ed", new { batch_input = new[] { Hello, Hello, Hello } });
        var results = data.GetProperty("batch_results");

        Assert.True(results[0].TryGetProperty("signature", out _));
        Assert.True(results[1].TryGetProperty("signature", out _));
        Assert.False(results[2].TryGetProperty("signature", out _));
        Assert.Equal(0, results[2].GetProperty("key_version").GetInt32());
        Assert.NotEmpty(results[2].GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task Sealed_looks_like_a_sealed_Vault_until_cleared_or_unsealed()
    {
        Faults.Set(FaultMode.Sealed);
        Assert.Equal(503, (await vault.SendAsync("GET", "sys/health")).Status);
        Assert.Equal(503, (await vault.SendAsync("POST", "transit/sign/ed", Hello)).Status);

        await vault.SendAsync("PUT", "sys/unseal", new { key = vault.Emulator.UnsealKey });

        Assert.Equal(200, (await vault.SendAsync("POST", "transit/sign/ed", Hello)).Status);
        Assert.Empty(Faults.Current);
    }

    [Fact]
    public async Task The_control_endpoint_sets_shows_and_clears()
    {
        const string fault = """{"mode":"5xx","path_prefix":"/v1/transit","status":503,"count":5}""";
        using var set = await control.PostAsync("/emulator/faults", new StringContent(fault));
        Assert.Equal(204, (int)set.StatusCode);
        Assert.Equal(503, (await vault.SendAsync("POST", "transit/sign/ed", Hello)).Status);

        var shown = await control.GetFromJsonAsync<JsonElement>("/emulator/faults");
        Assert.Equal(("5xx", 4), (shown[0].GetProperty("mode").GetString(), shown[0].GetProperty("count").GetInt32()));

        const string later = """{"mode":"429","after_work":true,"retry_after_s":9,"skew_s":-5}""";
        using var more = await control.PostAsync("/emulator/faults", new StringContent(later));
        var newest = (await control.GetFromJsonAsync<JsonElement>("/emulator/faults"))[0];
        Assert.Equal(("429", true, 9, -5), (newest.GetProperty("mode").GetString(), newest.GetProperty("after_work").GetBoolean(),
            newest.GetProperty("retry_after_s").GetInt32(), newest.GetProperty("skew_s").GetInt32()));

        using var cleared = await control.DeleteAsync("/emulator/faults");
        Assert.Equal(200, (await vault.SendAsync("POST", "transit/sign/ed", Hello)).Status);
    }

    [Theory]
    [InlineData("""{"mode":"sulking"}""")]
    [InlineData("""{"mode":"slow","delay":5}""")]
    [InlineData("""{"count":1}""")]
    [InlineData("""{"mode":"down","count":0}""")]
    [InlineData("")]
    public async Task The_control_endpoint_refuses_what_it_does_not_know(string body)
    {
        using var refused = await control.PostAsync("/emulator/faults", new StringContent(body));

        Assert.Equal(400, (int)refused.StatusCode);
        Assert.Empty(Faults.Current);
    }

    private async Task<bool> VerifiesAsync(string signature)
        => (await vault.DataAsync("POST", "transit/verify/ed", new { input = "aGVsbG8=", signature })).GetProperty("valid").GetBoolean();
}
