using System.Net;
using System.Text;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Cosign;
using Ledger.Verify;

namespace Ledger.Api.Tests.Anchoring;

/// <summary>What the API hands out as files, given to cosign without a network.</summary>
public sealed class CosignTests(AnchoredLedger ledger) : IClassFixture<AnchoredLedger>, IDisposable
{
    private readonly TempFolder folder = new();

    [AnchoringFact]
    public async Task Cosign_accepts_the_downloaded_anchor_over_the_downloaded_body()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        await ledger.AppendAsync(tenant);
        await ledger.AnchorAsync();
        using var client = ledger.ClientFor(tenant, "AUDITOR");
        var trust = await Trust.OfAsync(ledger, tenant);
        var (key, root) = (File("anchor.pub", Encoding.ASCII.GetBytes(trust.Logs[0].AnchorKeys[0])),
            File("trusted_root.json", trust.TrustedRoot!.ToBytes()));
        var body = await DownloadAsync(client, "/checkpoints/1/body", "body.txt");
        foreach (var (log, more) in new[] { (ledger.FirstLog, ""), (ledger.SecondLog, "--use-signed-timestamps") })
        {
            var bundle = await DownloadAsync(client, $"/checkpoints/1/anchor.sigstore.json?log={log}", "anchor.sigstore.json");
            var answer = await CosignProgram.VerifyBlobAsync(bundle, key, root, body,
                [.. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Assert.True(answer.Accepted, answer.Output);
            Assert.False((await CosignProgram.VerifyBlobAsync(bundle, key, root, File("other", "other"u8.ToArray()))).Accepted);
        }
    }

    [AnchoringFact]
    public async Task Cosign_accepts_the_anchors_of_attestations_whatever_their_keyid_was()
    {
        var tenant = await ledger.AddEagerTenantAsync();
        using var ecdsa = await Attestor.Ecdsa().RegisteredAsync(ledger, tenant);
        using var edwards = await Attestor.Edwards().RegisteredAsync(ledger, tenant);
        using var client = ledger.ClientFor(tenant);
        var root = File("trusted_root.json", (await Trust.OfAsync(ledger, tenant)).TrustedRoot!.ToBytes());
        var seen = 0;
        foreach (var attestor in new[] { ecdsa, edwards })
        {
            using var posted = await client.PostAsync("/attestations",
                Answers.Json(attestor.Envelope(Attestor.Statement(Digest.Sha256("app"u8)), attestor.KeyId)));
            var seq = (await posted.JsonAsync(HttpStatusCode.Created)).GetProperty("chain_seq").GetInt64();
            await ledger.AnchorAsync();
            foreach (var item in (await client.GetJsonAsync("/anchors?kind=attestation")).GetProperty("items").EnumerateArray())
            {
                if (item.GetProperty("seq").GetInt64() != seq) continue;
                var bundle = File("a.sigstore.json", Encoding.UTF8.GetBytes(item.GetProperty("bundle").GetRawText()));
                var answer = await CosignProgram.VerifyAttestationAsync(bundle, File("key.pub", Encoding.ASCII.GetBytes(attestor.Pem)),
                    root,
                    File("app", "app"u8.ToArray()), "https://openvex.dev/ns/v0.2.0");
                Assert.True(answer.Accepted, answer.Output);
                seen++;
            }
        }
        Assert.Equal(3, seen); // v2 takes no pure Ed25519
    }

    public void Dispose() => folder.Dispose();

    private async Task<string> DownloadAsync(HttpClient client, string path, string name) =>
        File(name, await client.GetByteArrayAsync(new Uri(path, UriKind.Relative)));

    private string File(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(folder[name], content);
        return folder[name];
    }
}
