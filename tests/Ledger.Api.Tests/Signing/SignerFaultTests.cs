using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Core.Signing;
using Ledger.DevHost.Emulators.Faults;
using Ledger.Testing.Attributes;
using Ledger.Verify.Verification;

namespace Ledger.Api.Tests.Signing;

/// <summary>A signer that is down, slow, wrong or rotated. Each test has an API of its own: its circuit breaker remembers.</summary>
public sealed class SignerFaultTests : IAsyncLifetime
{
    private const string Good = """{"subject":"s","payload":"QQ=="}""";
    private const string Batch = $$"""{"items":[{{Good}},{{Good}},{{Good}}]}""";

    private readonly ApiUnderTest ledger = new();
    private string tenant = "";
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        await ledger.InitializeAsync();
        if (ledger.Api is null) return;
        tenant = await ledger.AddTenantAsync();
        client = ledger.ClientFor(tenant);
    }

    public async Task DisposeAsync()
    {
        client?.Dispose();
        await ledger.DisposeAsync();
    }

    public static TheoryData<FaultMode, string> Faults => new()
    {
        { FaultMode.Down, "signer-unavailable" },
        { FaultMode.ServerError, "signer-unavailable" },
        { FaultMode.Drop, "signer-unavailable" },
        { FaultMode.Sealed, "signer-unavailable" },
        { FaultMode.BatchItemError, "signer-unavailable" },
        { FaultMode.WrongSignature, "signer-invalid" },
    };

    [PostgresTheory]
    [MemberData(nameof(Faults))]
    public async Task A_failing_signer_has_its_answer_and_nothing_is_written(FaultMode fault, string slug)
    {
        await ledger.AppendAsync(tenant); // the key is known
        ledger.Signer.Vault.Faults.Set(fault);
        foreach (var (route, body) in new[] { ("/append", Good), ("/append/batch", Batch) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, route) { Content = Answers.Json(body) };
            request.Headers.Add("Idempotency-Key", "k");
            using var answer = await client.SendAsync(request);
            await answer.IsProblemAsync(ProblemTypes.All.Single(type => type.Slug == slug));
        }
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
        Assert.Equal(1, await ledger.CountAsync("entry_meta", tenant));
        Assert.Equal(0, await ledger.CountAsync("idempotency", tenant));

        // Reading needs no signer.
        using var read = await client.GetAsync(new Uri("/entries", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [PostgresFact]
    public async Task After_a_passing_fault_the_same_key_succeeds()
    {
        ledger.Signer.Vault.Faults.Set(FaultMode.WrongSignature, count: 1);
        foreach (var expected in new[] { HttpStatusCode.BadGateway, HttpStatusCode.Created })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/append") { Content = Answers.Json(Good) };
            request.Headers.Add("Idempotency-Key", "k");
            using var answer = await client.SendAsync(request);
            Assert.Equal(expected, answer.StatusCode);
        }
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task A_slow_signer_is_waited_for()
    {
        ledger.Signer.Vault.Faults.Set(new Fault(FaultMode.Slow) { Delay = TimeSpan.FromMilliseconds(300), Count = 1 });
        await ledger.AppendAsync(tenant);
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task A_known_version_with_other_bytes_stops_everything()
    {
        await ledger.AppendAsync(tenant);
        ledger.Signer.Vault.Faults.Set(FaultMode.WrongKey);
        await using var fresh = new ApiProcess(ledger.Settings); // knows no key yet and asks
        using var caller = fresh.Client(ledger.Issuer.Token(tenant, "CLIENT_TECH"));
        using var answer = await caller.PostAsync("/append", Answers.Json(Good));
        await answer.IsProblemAsync(ProblemTypes.SignerKeyChanged);
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task Entries_from_before_a_rotation_verify_after_it_also_when_the_signer_forgot_the_version()
    {
        var before = await ledger.AppendAsync(tenant);
        await ledger.Signer.RotateAsync(Signer.Names.Entry);
        await ledger.Signer.RotateAsync(Signer.Names.Checkpoint);
        var after = await ledger.AppendAsync(tenant);
        await ledger.Signer.ForgetBeforeAsync(Signer.Names.Entry, 2);
        Assert.NotEqual(before.KeyId, after.KeyId);
        await ledger.CoverAsync();

        await using var fresh = new ApiProcess(ledger.Settings);
        using var reader = fresh.Client(ledger.Issuer.Token(tenant, "AUDITOR"));
        Assert.Equal(Convert.ToBase64String(before.PublicKey),
            (await reader.GetJsonAsync($"/entries/{before.Id}")).GetProperty("public_key").GetString());
        var trust = await Trust.OfAsync(ledger, tenant);
        foreach (var receipt in new[] { before, after })
        {
            Assert.Equal(Verdict.Verified, new ReceiptVerifier(trust).Verify(receipt).Verdict);
            Assert.Equal(Verdict.VerifiedNotAnchored,
                Trust.Judge(trust, (await Trust.BundleAsync(ledger, tenant, receipt.Id)).Bundle).Verdict);
        }
        var keys = (await reader.GetJsonAsync("/.well-known/ledger-keys")).GetProperty("keys").EnumerateArray().ToList();
        Assert.Equal(2, keys.Count(key => key.GetProperty("purpose").GetString() == KeyPurpose.Entry.SqlName()));
        Assert.DoesNotContain(tenant, keys.Select(key => key.GetRawText()).Aggregate(string.Concat), StringComparison.Ordinal);
    }
}
