using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Testing.Attributes;
using Ledger.Testing.Rekor;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Cli;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Tests.Verification;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Cli;

/// <summary>The sweep against what a real Rekor answers: its search, its entries, its tiles.</summary>
public sealed class RealRekorSweepTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ledger-real-sweep-").FullName;
    private readonly HttpClient _client = new();

    public void Dispose()
    {
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [RealRekorFact]
    public async Task In_Rekor_v1_a_log_rewritten_and_anchored_again_is_caught_and_a_foreign_envelope_too()
    {
        var rekor = await RealRekor.SharedV1Async();
        Spki.TryReadPem(await File.ReadAllTextAsync(rekor.PublicKey), out var spki);
        var log = new TrustedLog(Digest.Sha256(spki), rekor.Origin, spki, DateTimeOffset.UnixEpoch, null);
        await SweepAsync("v1", rekor.Url, log, SubmitToV1Async);

        // By an anchor key, but no checkpoint: v1 finds an envelope by the hash of the PEM alone.
        var ledger = VirtualLedger.With(3, "envelope");
        var statement = VirtualAnchor.Statement(Digest.Zero);
        var signature = ledger.AnchorKey.Sign(Dsse.Pae(Dsse.InTotoPayloadType, statement));
        var envelope = new JsonObject
        {
            ["payload"] = Convert.ToBase64String(statement),
            ["payloadType"] = Dsse.InTotoPayloadType,
            ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(signature) }),
        };
        await PostAsync(rekor.Url, "/api/v1/log/entries", new JsonObject
        {
            ["apiVersion"] = "0.0.1",
            ["kind"] = "dsse",
            ["spec"] = new JsonObject
            {
                ["proposedContent"] = new JsonObject
                {
                    ["envelope"] = envelope.ToJsonString(),
                    ["verifiers"] = new JsonArray(Convert.ToBase64String(Encoding.ASCII.GetBytes(ledger.AnchorKey.Pem))),
                },
            },
        });
        var export = ledger.Export();
        export.PutAnchor(3, await SubmitToV1Async(rekor.Url, ledger, 3));
        var (code, output) = await RunAsync(export, ledger, log, rekor.Url, "1");
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Contains("log-entries fail sweep-digest-unknown\n", output, StringComparison.Ordinal);
    }

    [RealRekor2Fact]
    public async Task In_Rekor_v2_a_log_rewritten_and_anchored_again_is_caught()
    {
        var rekor = await RealRekor.SharedV2Async();
        Spki.TryReadPem(await File.ReadAllTextAsync(rekor.PublicKey), out var spki);
        var log = new TrustedLog(LogKey.IdOf(rekor.Origin, spki), rekor.Origin, spki, DateTimeOffset.UnixEpoch, null);
        await SweepAsync("v2", rekor.Url, log, SubmitToV2Async);
    }

    private async Task SweepAsync(string version, Uri url, TrustedLog log, Func<Uri, VirtualLedger, int, Task<byte[]>> submit)
    {
        var ledger = VirtualLedger.With(6, "sweep-" + version);
        var export = ledger.Export(4);
        foreach (var size in (int[])[4, 6]) export.PutAnchor(size, await submit(url, ledger, size));
        // Twice in the log, once in the list: known.
        await submit(url, ledger, 4);
        var (code, output) = await RunAsync(export, ledger, log, url, version[1..]);
        Assert.True(code == ExitCodes.Satisfied, output);
        Assert.Contains("log-entries pass\n", output, StringComparison.Ordinal);

        var rewritten = VirtualLedger.With(3, "sweep-" + version);
        for (var i = 3; i < 6; i++) rewritten.Append("user-action", "something else");
        export = rewritten.Export(4);
        foreach (var size in (int[])[4, 6]) export.PutAnchor(size, await submit(url, rewritten, size));
        (code, output) = await RunAsync(export, rewritten, log, url, version[1..]);
        Assert.Equal(ExitCodes.NotSatisfied, code);
        Assert.Equal(3, output.Split("  sweep-digest-unknown ").Length - 1);
        Assert.Contains("anchors pass\nconsistency pass\n", output, StringComparison.Ordinal);
    }

    private async Task<byte[]> SubmitToV1Async(Uri url, VirtualLedger ledger, int size)
    {
        var (digest, signature) = (Digest.Sha256(ledger.BodyAt(size)), ledger.AnchorKey.Sign(ledger.BodyAt(size)));
        var body = LogBody.HashedRekordV1(digest, signature, ledger.AnchorKey.Pem);
        var answer = await PostAsync(url, "/api/v1/log/entries", JsonNode.Parse(body)!);
        var entry = Assert.Single(RekorAnswers.Entries([(byte)'[', .. answer, (byte)']'])!).Value;
        return new SigstoreBundle(ledger.AnchorKey.Hint, new BundledSignature(digest, signature), null, [entry], []).ToBytes();
    }

    private async Task<byte[]> SubmitToV2Async(Uri url, VirtualLedger ledger, int size)
    {
        var (digest, signature) = (Digest.Sha256(ledger.BodyAt(size)), ledger.AnchorKey.Sign(ledger.BodyAt(size)));
        var request = new JsonObject
        {
            ["hashedRekordRequestV002"] = new JsonObject
            {
                ["digest"] = Convert.ToBase64String(digest.ToArray()),
                ["signature"] = new JsonObject
                {
                    ["content"] = Convert.ToBase64String(signature),
                    ["verifier"] = new JsonObject
                    {
                        ["publicKey"] = new JsonObject { ["rawBytes"] = Convert.ToBase64String(ledger.AnchorKey.Spki) },
                        ["keyDetails"] = "PKIX_ECDSA_P256_SHA_256",
                    },
                },
            },
        };
        var bundle = JsonNode.Parse(
            new SigstoreBundle(ledger.AnchorKey.Hint, new BundledSignature(digest, signature), null, [], []).ToBytes())!;
        var answer = await PostAsync(url, "/api/v2/log/entries", request);
        bundle["verificationMaterial"]!["tlogEntries"] = new JsonArray(JsonNode.Parse(answer));
        Assert.True(SigstoreBundle.TryParse(Encoding.UTF8.GetBytes(bundle.ToJsonString()), out var anchor, out _));
        return anchor.ToBytes();
    }

    private async Task<byte[]> PostAsync(Uri url, string path, JsonNode request)
    {
        using var content = new StringContent(request.ToJsonString(), new MediaTypeHeaderValue("application/json"));
        using var answer = await _client.PostAsync(new Uri(url, path), content);
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {Encoding.UTF8.GetString(body)}");
        return body;
    }

    private async Task<(int Code, string Output)> RunAsync(
        SortedDictionary<string, byte[]> export, VirtualLedger ledger, TrustedLog log, Uri url, string version)
    {
        var folder = Path.Combine(_folder, Path.GetRandomFileName());
        foreach (var (path, file) in export)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            await File.WriteAllBytesAsync(Path.Combine(folder, path), file);
        }

        var trust = Path.Combine(_folder, "trust.json");
        await File.WriteAllBytesAsync(trust, (ledger.Trust() with { TrustedRoot = new TrustedRoot([log], []) }).ToBytes());
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await Task.Run(() => CommandLine.Run(
            ["anchors", folder, "--trust", trust, "--rekor", url.AbsoluteUri, "--rekor-version", version], output, error));
        return (code, output.ToString() + error);
    }
}
