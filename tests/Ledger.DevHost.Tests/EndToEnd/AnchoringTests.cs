using System.Text;
using System.Text.Json.Nodes;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Rekor;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>From an append to what others say of it: the database's runbook query, ledger-verify, rekor-cli and cosign.</summary>
public sealed class AnchoringTests : IDisposable
{
    private const string Artifact = "Hello World", Submitted = """
        SELECT * FROM fact_chain_checkpoints WHERE tenant_id = 'demo' ORDER BY covered_chain_seq DESC LIMIT 1
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [PostgresFact]
    public async Task A_developer_sees_an_entry_anchored_in_both_logs_and_verified_and_a_restart_keeps_the_logs()
    {
        JsonObject receipt;
        await using (var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder)))
        {
            using var demo = new Witnessed(await host.SourceAsync(), _folder);
            receipt = await demo.AppendAsync(Artifact);
            await demo.AnchorsAsync("checkpoint", 1, logs: 2);
            await VerifiedAsync(demo, receipt);
            Assert.Equal(0, await host.Process.StopAsync());
        }
        await using var again = await RunningDevHost.StartAsync(_folder["state"]);
        using var after = new Witnessed(await again.SourceAsync(), _folder);

        await VerifiedAsync(after, receipt);
        await after.AppendAsync("one more");
        var anchors = await after.AnchorsAsync("checkpoint", 2, logs: 2);

        Assert.All(anchors, static anchor => Assert.True(anchor["log_index"]!.GetValue<long>() > 0, "a log began anew"));
    }

    [AnchoringFact]
    public async Task Rekor_cli_and_cosign_accept_what_was_anchored_in_the_emulators()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        using var demo = new Witnessed(await host.SourceAsync(), _folder);

        await CheckpointAsync(demo, versions: [1, 2]);
        await PayloadAsync(demo, logs: 2);
    }

    [AnchoringFact(real: 1)]
    public async Task Rekor_cli_and_cosign_accept_what_was_anchored_in_a_real_Rekor_v1()
    {
        var rekor = await RealRekor.SharedV1Async();
        await using var host = await RunningDevHost.StartAsync(
            RunningDevHost.StateIn(_folder), "--rekor", rekor.Url.AbsoluteUri, "--rekor-version", "1", "--rekor-key", rekor.PublicKey);
        using var demo = new Witnessed(await host.SourceAsync(), _folder);
        Assert.False(demo.Env.ContainsKey("REKOR2_URL"));

        await CheckpointAsync(demo, versions: [1]);
        await PayloadAsync(demo, logs: 1);
    }

    [AnchoringFact(real: 2)]
    public async Task Cosign_accepts_what_was_anchored_in_a_real_Rekor_v2()
    {
        var rekor = await RealRekor.SharedV2Async();
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder),
            "--rekor", rekor.Url.AbsoluteUri, "--rekor-version", "2", "--rekor-key", rekor.PublicKey, "--rekor-origin", rekor.Origin);
        using var demo = new Witnessed(await host.SourceAsync(), _folder);
        Assert.False(demo.Env.ContainsKey("REKOR_URL"));

        await CheckpointAsync(demo, versions: [2]);
    }

    private async Task CheckpointAsync(Witnessed demo, int[] versions)
    {
        var receipt = await demo.AppendAsync(Artifact);
        var anchors = await demo.AnchorsAsync("checkpoint", 1, versions.Length);
        var row = await demo.RowAsync(Submitted);
        Assert.Equal("submitted", row["status"]);
        Assert.All(new[] { "submitted_at", "tl_log_id", "tl_leaf_hash", "tl_log_index" }, column => Assert.NotNull(row[column]));

        await VerifiedAsync(demo, receipt);
        var body = await demo.SaveAsync("/checkpoints/1/body", "body.txt");
        var (sha, other) = (Witnessed.Sha256(await File.ReadAllBytesAsync(body)), Witnessed.Sha256([]));
        foreach (var anchor in anchors)
        {
            var log = anchor["log_id"]!.GetValue<string>();
            var bundle = await demo.SaveAsync($"/checkpoints/1/anchor.sigstore.json?log={log}", "anchor.json");
            var isV2 = anchor["backend"]!.GetValue<string>() == "rekor-v2";
            var (code, output) = await demo.CosignAsync(bundle, body, isV2 ? ["--use-signed-timestamps"] : []);
            Assert.True(code == 0 && output.Contains("Verified OK", StringComparison.Ordinal), output);
            Assert.NotEqual(0, (await demo.CosignAsync(bundle, demo.Env["TRUSTED_ROOT"])).Code);
            if (isV2)
                continue;
            var index = anchor["log_index"]!.ToJsonString();
            await GoodAsync(demo, sha, "get", "--log-index", index);
            await GoodAsync(demo, anchor["entry_id"]!.GetValue<string>(), "search", "--sha", sha);
            var signature = await demo.SignatureOfAsync(anchor["bundle"]!, "signature");
            await GoodAsync(demo, "Computed Root Hash", Verify(demo.Env["LEDGER_ANCHOR_PUB"], signature, sha));
            Assert.NotEqual(0, (await demo.RekorCliAsync(Verify(demo.Env["LEDGER_ANCHOR_PUB"], signature, other))).Code);
        }
    }

    /// <summary>Policy `entry`: the payload's own hash is logged too, by another key.</summary>
    private async Task PayloadAsync(Witnessed demo, int logs)
    {
        const string payload = "published by its hash";
        await demo.SetPolicyAsync(new { anchor = "entry", seconds = 2 });
        var receipt = await demo.AppendAsync(payload);
        var sha = receipt["payload_hash"]!.GetValue<string>();
        var anchors = await demo.AnchorsAsync("payload", receipt["chain_seq"]!.GetValue<long>(), logs);
        var anchor = anchors.Single(static a => a["backend"]!.GetValue<string>() == "rekor-v1");
        var trust = JsonNode.Parse(await File.ReadAllTextAsync(demo.Env["LEDGER_TRUST"]))!;
        await File.WriteAllTextAsync(_folder["payload.pub"], trust["logs"]![0]!["payload_keys"]![0]!.GetValue<string>());
        var signature = await demo.SignatureOfAsync(anchor["bundle"]!, "signature");

        await GoodAsync(demo, anchor["entry_id"]!.GetValue<string>(), "search", "--sha", sha);
        await GoodAsync(demo, "Computed Root Hash", Verify(_folder["payload.pub"], signature, sha));
        Assert.NotEqual(0, (await demo.RekorCliAsync(Verify(_folder["payload.pub"], signature, Witnessed.Sha256([])))).Code);
        Assert.Equal(sha, Witnessed.Sha256(Encoding.UTF8.GetBytes(payload)));
    }

    private async Task VerifiedAsync(Witnessed demo, JsonObject receipt)
    {
        var bundle = await demo.SaveAsync($"/entries/{receipt["id"]!.GetValue<string>()}/bundle", "b.json");
        await File.WriteAllTextAsync(_folder["artifact"], Artifact);

        var (code, output) = await demo.LedgerVerifyAsync(bundle, "--artifact", _folder["artifact"]);

        Assert.True(code == 0, output);
        Assert.EndsWith("verdict verified", output.TrimEnd(), StringComparison.Ordinal);
    }

    private static string[] Verify(string key, string signature, string sha) => ["verify", "--type", "hashedrekord", "--pki-format", "x509",
        "--public-key", key, "--signature", signature, "--artifact-hash", sha];

    private static async Task GoodAsync(Witnessed demo, string expected, params string[] arguments)
    {
        var (code, output) = await demo.RekorCliAsync(arguments);
        Assert.True(code == 0, $"rekor-cli {string.Join(' ', arguments)}: {output}");
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }
}
