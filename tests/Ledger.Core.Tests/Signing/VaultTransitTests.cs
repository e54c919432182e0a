using System.Net;
using System.Text.Json.Nodes;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.Testing;
using Ledger.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;

namespace Ledger.Core.Tests.Signing;

public sealed class VaultTransitTests : IDisposable
{
    private const string Signed = """{"data":{"batch_results":[{"signature":"vault:v1:AA==","key_version":1}]}}""";

    private readonly FakeVault vault = new();
    private readonly ManualTime time = new();

    public void Dispose() => vault.Dispose();

    [Fact]
    public async Task Results_are_in_the_order_of_the_inputs_and_each_may_fail_by_itself()
    {
        vault.Bend = results => results[1] = new JsonObject { ["error"] = "invalid input", ["reference"] = "" };
        var results = await SignAsync(Transit(), [1], [2], [3]);
        Assert.Equal([true, false, true], results.Select(r => r.Signature is not null));
        Assert.Equal("invalid input", results[1].Error);
        Assert.NotEqual(results[0].Signature, results[2].Signature);
    }

    [Theory]
    [InlineData(HttpStatusCode.Forbidden, """{"errors":["permission denied"]}""")]
    [InlineData(HttpStatusCode.ServiceUnavailable, """{"errors":["Vault is sealed"]}""")]
    [InlineData(HttpStatusCode.NotFound, """{"errors":[]}""")]
    [InlineData(HttpStatusCode.InternalServerError, "<html>")]
    [InlineData(HttpStatusCode.OK, "<html>")]
    [InlineData(HttpStatusCode.OK, "")]
    [InlineData(HttpStatusCode.OK, "null")]
    [InlineData(HttpStatusCode.OK, """{"data":null}""")]
    [InlineData(HttpStatusCode.OK, """{"data":{"signature":"vault:v1:AA=="}}""")]
    [InlineData(HttpStatusCode.OK, """{"data":{"batch_results":{}}}""")]
    [InlineData(HttpStatusCode.OK, """{"data":{"batch_results":[]}}""")]
    [InlineData(HttpStatusCode.OK, """{"data":{"batch_results":[{},{}]}}""")]
    public async Task A_call_that_does_not_end_with_one_result_per_input_is_signer_unavailable(HttpStatusCode status, string body)
    {
        vault.Always(status, body);
        Assert.Equal(ProblemTypes.SignerUnavailable, (await ProblemOfAsync(() => SignAsync(Transit(), [1]))).Type);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""1""")]
    [InlineData("""{"signature":null}""")]
    [InlineData("""{"signature":7}""")]
    [InlineData("""{"signature":"AA=="}""")]
    [InlineData("""{"signature":"vault:1:AA=="}""")]
    [InlineData("""{"signature":"vault:v-1:AA=="}""")]
    [InlineData("""{"signature":"vault:v99999999999:AA=="}""")]
    [InlineData("""{"signature":"vault:v1:?"}""")]
    [InlineData("""{"signature":"vault:v1:AA==:x"}""")]
    [InlineData("""{"error":{"code":1}}""")]
    [InlineData("""{"error":"refused","signature":"vault:v1:AA=="}""")]
    public async Task An_item_that_is_no_signature_is_that_items_error(string item)
    {
        vault.Always(HttpStatusCode.OK, """{"data":{"batch_results":[""" + item + "," + """{"signature":"vault:v1:AA==","error":""}]}}""");
        var results = await SignAsync(Transit(), [1], [2]);
        Assert.NotNull(results[0].Error);
        Assert.Null(results[0].Signature);
        Assert.Equal((1, null), (results[1].KeyVersion, results[1].Error));
    }

    [Theory]
    [InlineData("""{"data":{"keys":[]}}""")]
    [InlineData("""{"data":{"keys":{"1":{"public_key":"?"}}}}""")]
    [InlineData("""{"data":{"keys":{"1":{"public_key":"AA=="}}}}""")]
    [InlineData("""{"data":{"keys":{"1":{"public_key":null}}}}""")]
    [InlineData("""{"data":{"keys":{"1":{"public_key":"-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n"}}}}""")]
    public async Task A_key_that_cannot_be_read_is_signer_unavailable(string body)
    {
        vault.Always(HttpStatusCode.OK, body);
        Assert.Equal(ProblemTypes.SignerUnavailable, (await ProblemOfAsync(() => Transit().ReadKeyAsync("k", CancellationToken.None)))
            .Type);
    }

    [Fact]
    public async Task A_key_that_is_not_there_is_null() => Assert.Null(await Transit().ReadKeyAsync("unknown", CancellationToken.None));

    [Fact]
    public async Task A_signature_that_never_comes_is_given_up_after_ten_seconds()
    {
        var asked = new TaskCompletionSource();
        vault.Instead = async (_, cancel) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, cancel);
            return null;
        };
        var signing = SignAsync(Transit(VaultResilience.Create(time)), [1]);
        await asked.Task;
        time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        Assert.False(signing.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ProblemTypes.SignerUnavailable, (await ProblemOfAsync(() => signing)).Type);
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again()
    {
        var tries = 0;
        vault.Instead = (_, _) => Task.FromResult<HttpResponseMessage?>(++tries < 3
            ? FakeVault.Json("""{"errors":["internal error"]}""", HttpStatusCode.InternalServerError)
            : FakeVault.Json(Signed));
        var signing = SignAsync(Transit(VaultResilience.Create(time)), [1]);
        while (!signing.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        Assert.Equal(1, (await signing)[0].KeyVersion);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_refusal_is_not_tried_again()
    {
        vault.Always(HttpStatusCode.Forbidden, """{"errors":["permission denied"]}""");
        await ProblemOfAsync(() => SignAsync(Transit(VaultResilience.Create(time)), [1]));
        Assert.Equal(1, vault.Calls);
    }

    [Fact]
    public async Task An_outage_is_answered_without_asking_until_it_may_be_over()
    {
        var transit = Transit(VaultResilience.Create(time));
        vault.Always(HttpStatusCode.ServiceUnavailable, """{"errors":["Vault is sealed"]}""");
        for (var i = 0; i < 10; i++) await ProblemOfAsync(() => SignAsync(transit, [1]));
        Assert.Equal(10, vault.Calls);

        vault.Instead = null;
        Assert.Equal(ProblemTypes.SignerUnavailable, (await ProblemOfAsync(() => SignAsync(transit, [1]))).Type);
        Assert.Equal(10, vault.Calls);

        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(await SignAsync(transit, [1]));
    }

    [Fact]
    public async Task A_refused_connection_is_signer_unavailable()
    {
        using var http = new HttpClient();
        var options = Options.Create(new VaultOptions { Address = new Uri($"http://127.0.0.1:{FreePort.Next()}") });
        var transit = new VaultTransit(http, options, ResiliencePipeline.Empty, NullLogger<VaultTransit>.Instance);
        Assert.Equal(ProblemTypes.SignerUnavailable, (await ProblemOfAsync(() => SignAsync(transit, [1]))).Type);
    }

    [Fact]
    public async Task The_callers_own_cancellation_stays_a_cancellation()
    {
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Transit(VaultResilience.Create(time)).SignAsync(FakeVault.EntryKey, KeyPurpose.Entry, [[1]], gone.Token));
    }

    private VaultTransit Transit(ResiliencePipeline? pipeline = null) => new(new HttpClient(vault, disposeHandler: false),
        Options.Create(new VaultOptions { Address = new Uri("http://vault.test/"), EntryToken = "t" }),
            pipeline ?? ResiliencePipeline.Empty, NullLogger<VaultTransit>.Instance);

    private static Task<VaultSignature[]> SignAsync(VaultTransit transit, params byte[][] inputs) =>
        transit.SignAsync(FakeVault.EntryKey, KeyPurpose.Entry, inputs, CancellationToken.None);

    private static async Task<LedgerProblem> ProblemOfAsync(Func<Task> act) =>
        (await Assert.ThrowsAsync<LedgerProblemException>(act)).Problem;
}
