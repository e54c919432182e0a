using System.Net;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Attributes;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Api.Tests.Anchoring;

/// <summary>From an append to a bundle that verifies with an anchor, over HTTP, with both kinds of log.</summary>
public class AnchoredEndToEndTests(AnchoredLedger ledger) : IClassFixture<AnchoredLedger>
{
    [PostgresFact]
    public async Task An_entry_is_anchored_in_both_logs_and_its_bundle_verifies_with_the_published_trust_file()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        var entry = await ledger.AppendAsync(tenant);
        await ledger.AnchorAsync();
        var trust = await Trust.OfAsync(ledger, tenant);
        Assert.Equal([ledger.FirstLog, ledger.SecondLog], trust.TrustedRoot!.Logs.Select(log => log.LogId.ToHex()));
        Assert.Single(trust.TrustedRoot.TimestampAuthorities);
        var (_, bundle) = await Trust.BundleAsync(ledger, tenant, entry.Id);
        Assert.Equal(2, bundle.Anchors!.Count);
        Assert.Equal(Verdict.Verified, new BundleVerifier(trust).Verify(bundle, TrustPolicy.Default, entry.PayloadHash).Verdict);

        using var client = ledger.ClientFor(tenant);
        var shown = await client.GetJsonAsync($"/entries/{entry.Id}");
        Assert.Equal(80, shown.GetProperty("rekor_log_id").GetString()!.Length); // the primary log's
        Assert.Equal(JsonValueKind.String, shown.GetProperty("anchored_at").ValueKind);
        Assert.Equal(["rekor-v1", "rekor-v2"], (await client.GetJsonAsync("/checkpoints/latest")).GetProperty("anchors").EnumerateArray()
            .Select(anchor => anchor.GetProperty("backend").GetString()!));
    }

    [PostgresFact]
    public async Task The_downloaded_anchor_and_body_are_what_a_stranger_verifies()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        await ledger.AppendAsync(tenant);
        await ledger.AnchorAsync();
        var trust = await Trust.OfAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant, "AUDITOR");
        var body = await client.GetByteArrayAsync(new Uri("/checkpoints/1/body", UriKind.Relative));
        foreach (var log in new[] { "", $"?log={ledger.FirstLog}", $"?log={ledger.SecondLog}" })
        {
            var bundle = await client.GetByteArrayAsync(new Uri($"/checkpoints/1/anchor.sigstore.json{log}", UriKind.Relative));
            var report = new AnchorVerifier(trust.TrustedRoot).Verify(bundle, Digest.Sha256(body), trust.Logs[0].AnchorKeys, []);
            Assert.Null(report.Failure);
            Assert.Equal(log.Length == 0 ? ledger.FirstLog : log[5..], report.Witness!.Value.ToHex());
        }
    }

    [PostgresFact]
    public async Task Attestations_go_to_each_log_in_the_form_it_takes()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        using var ecdsa = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var edwards = await Attestor.Edwards().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        foreach (var (attestor, forms, backends) in new[]
        {
            (ecdsa, new[] { "dsse", "hashedrekord" }, new[] { "rekor-v1", "rekor-v2" }),
            (edwards, ["dsse", "checkpoint only"], ["rekor-v1"]),
        })
        {
            using var posted = await client.PostAsync("/attestations",
                Answers.Json(attestor.Envelope(Attestor.Statement(Digest.Sha256("app"u8)))));
            var receipt = await posted.JsonAsync(HttpStatusCode.Created);
            Assert.Equal(forms, receipt.GetProperty("anchoring").EnumerateArray().Select(a => a.GetProperty("as").GetString()!));
            Assert.Equal([ledger.FirstLog, ledger.SecondLog],
                receipt.GetProperty("anchoring").EnumerateArray().Select(a => a.GetProperty("log_id").GetString()!));
            await ledger.AnchorAsync();
            var known = (await client.GetJsonAsync("/attestations")).GetProperty("items")[0];
            Assert.Equal(backends, known.GetProperty("anchors").EnumerateArray().Select(a => a.GetProperty("backend").GetString()!));
            Assert.Equal(receipt.GetProperty("payload_hash").GetString(), known.GetProperty("sha256").GetString());
        }
        var listed = (await client.GetJsonAsync("/anchors?kind=attestation")).GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(3, listed.Count);
        foreach (var item in listed)
        {
            var json = System.Text.Encoding.UTF8.GetBytes(item.GetProperty("bundle").GetRawText());
            Assert.True(SigstoreBundle.TryParse(json, out var bundle, out _));
            Assert.NotNull(bundle.Envelope);
        }
    }

    [PostgresFact]
    public async Task A_tenant_whose_policy_is_off_gives_the_logs_no_attestation()
    {
        var tenant = await ledger.AddEagerTenantAsync("off");
        using var attestor = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        using var posted = await client.PostAsync("/attestations", Answers.Json(attestor.Envelope(Attestor.Statement(Digest.Zero))));
        var receipt = await posted.JsonAsync(HttpStatusCode.Created);
        Assert.Equal(["off", "off"], receipt.GetProperty("anchoring").EnumerateArray().Select(a => a.GetProperty("as").GetString()!));
        Assert.Equal(0, await ledger.CountAsync("jobs", tenant));
    }
}
