using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.DevHost.Emulators.Timestamping;
using Ledger.DevHost.Tests.Emulators;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Clients;

/// <summary>cosign accepts, offline, bundles made of what the emulators answer, and refuses those of a lying one.</summary>
public sealed class CosignTests : IAsyncLifetime, IDisposable
{
    private const string Artifact = "what cosign is to verify";

    private readonly TempFolder folder = new();
    private readonly Submitter submitter = new();
    private readonly HttpClient http = new();
    private Rekor1Emulator v1 = null!;
    private Rekor2Emulator v2 = null!;
    private TimestampingEmulator tsa = null!;

    public async Task InitializeAsync()
    {
        v1 = await Rekor1Emulator.StartAsync(Options("v1"), default);
        v2 = await Rekor2Emulator.StartAsync(Options("v2"), default);
        tsa = await TimestampingEmulator.StartAsync(Options("tsa"), default);
    }

    public async Task DisposeAsync()
    {
        await v1.DisposeAsync();
        await v2.DisposeAsync();
        await tsa.DisposeAsync();
    }

    public void Dispose()
    {
        http.Dispose();
        submitter.Dispose();
        folder.Dispose();
    }

    [CosignFact]
    public async Task A_bundle_of_Rekor_v1_verifies()
    {
        var signature = submitter.Sign(Artifact);
        var entry = await Entry1Async(signature);

        var (code, output) = await VerifyAsync(Bundle(signature, entry, timestamp: null));

        Assert.True(code == 0, output);
        Assert.Contains("Verified OK", output, StringComparison.Ordinal);
    }

    [CosignFact]
    public async Task A_bundle_of_Rekor_v2_verifies_with_its_timestamp()
    {
        await PostAsync(v2.Address, "/api/v2/log/entries", submitter.HashedRekord2("another artifact before"));
        var signature = submitter.Sign(Artifact);
        var entry = await PostAsync(v2.Address, "/api/v2/log/entries", submitter.HashedRekord2(Artifact, signature));

        var (code, output) = await VerifyAsync(Bundle(signature, entry, await StampAsync(signature)), "--use-signed-timestamps");

        Assert.True(code == 0, output);
        Assert.Contains("Verified OK", output, StringComparison.Ordinal);
    }

    [CosignFact]
    public async Task A_bundle_from_the_second_shard_of_Rekor_v1_verifies()
    {
        await Entry1Async(submitter.Sign(Artifact));
        v1.AddShard();
        var signature = submitter.Sign(Artifact);

        var (code, output) = await VerifyAsync(Bundle(signature, await Entry1Async(signature), timestamp: null));

        Assert.True(code == 0, output);
    }

    [CosignFact]
    public async Task What_a_lying_log_or_authority_answers_is_refused()
    {
        FaultMode[] lies =
            [FaultMode.WrongProof, FaultMode.WrongRoot, FaultMode.WrongSignature, FaultMode.WrongKey, FaultMode.OtherEntry];
        foreach (var lie in lies)
        {
            v1.Faults.Set(lie, count: 1);
            v2.Faults.Set(lie, count: 1);
            var signature = submitter.Sign(Artifact);
            var entry = await PostAsync(v2.Address, "/api/v2/log/entries", submitter.HashedRekord2(Artifact, signature));
            Assert.True((await VerifyAsync(Bundle(signature, await Entry1Async(signature), null))).Code != 0, $"v1 {lie}");
            Assert.True((await VerifyAsync(Bundle(signature, entry, null))).Code != 0, $"v2 {lie}");
        }
        foreach (var lie in new[] { FaultMode.WrongImprint, FaultMode.WrongSignature, FaultMode.WrongKey })
        {
            tsa.Faults.Set(lie, count: 1);
            var signature = submitter.Sign(Artifact);
            var entry = await PostAsync(v2.Address, "/api/v2/log/entries", submitter.HashedRekord2(Artifact, signature));
            var bundle = Bundle(signature, entry, await StampAsync(signature));
            Assert.True((await VerifyAsync(bundle, "--use-signed-timestamps")).Code != 0, $"tsa {lie}");
        }
    }

    private EmulatorOptions Options(string name) => new() { StateDirectory = folder[name] };

    /// <summary>v1's answer in the words of a bundle.</summary>
    private async Task<JsonObject> Entry1Async(byte[] signature)
    {
        var answer = (await PostAsync(v1.Address, "/api/v1/log/entries", submitter.HashedRekord1(Artifact, signature))).Single().Value!;
        var (proof, promise) = (answer["verification"]!["inclusionProof"]!, answer["verification"]!["signedEntryTimestamp"]!);
        static string Base64(JsonNode hex) => Convert.ToBase64String(Convert.FromHexString(hex.GetValue<string>()));
        return new JsonObject
        {
            ["logIndex"] = answer["logIndex"]!.ToString(),
            ["logId"] = new JsonObject { ["keyId"] = Base64(answer["logID"]!) },
            ["kindVersion"] = new JsonObject { ["kind"] = "hashedrekord", ["version"] = "0.0.1" },
            ["integratedTime"] = answer["integratedTime"]!.ToString(),
            ["inclusionPromise"] = new JsonObject { ["signedEntryTimestamp"] = promise.DeepClone() },
            ["inclusionProof"] = new JsonObject
            {
                ["logIndex"] = proof["logIndex"]!.ToString(),
                ["rootHash"] = Base64(proof["rootHash"]!),
                ["treeSize"] = proof["treeSize"]!.ToString(),
                ["hashes"] = new JsonArray([.. proof["hashes"]!.AsArray().Select(h => JsonValue.Create(Base64(h!)))]),
                ["checkpoint"] = new JsonObject { ["envelope"] = proof["checkpoint"]!.DeepClone() },
            },
            ["canonicalizedBody"] = answer["body"]!.DeepClone(),
        };
    }

    private static string Bundle(byte[] signature, JsonObject entry, byte[]? timestamp)
    {
        var material = new JsonObject
        {
            ["publicKey"] = new JsonObject { ["hint"] = "" },
            ["tlogEntries"] = new JsonArray(entry.DeepClone()),
        };
        if (timestamp is not null)
        {
            var token = new JsonObject { ["signedTimestamp"] = Convert.ToBase64String(timestamp) };
            material["timestampVerificationData"] = new JsonObject { ["rfc3161Timestamps"] = new JsonArray(token) };
        }
        return new JsonObject
        {
            ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
            ["verificationMaterial"] = material,
            ["messageSignature"] = new JsonObject
            {
                ["messageDigest"] = new JsonObject
                {
                    ["algorithm"] = "SHA2_256",
                    ["digest"] = Convert.ToBase64String(Submitter.Digest(Artifact)),
                },
                ["signature"] = Convert.ToBase64String(signature),
            },
        }.ToJsonString();
    }

    private async Task<JsonObject> PostAsync(Uri log, string path, string request)
    {
        using var answer = await http.PostAsync(new Uri(log, path), new StringContent(request, Encoding.UTF8, "application/json"));
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
    }

    private Task<byte[]> StampAsync(byte[] signature) => TimestampQueries.AskAsync(http, tsa.Url, SHA256.HashData(signature));

    private async Task<(int Code, string Output)> VerifyAsync(string bundle, params string[] options)
    {
        var v2Id = SHA256.HashData([.. Encoding.UTF8.GetBytes(v2.Origin), (byte)'\n', 1, .. TrustedRoot.Der(v2.PublicKey)[^32..]]);
        await File.WriteAllTextAsync(folder["root.json"], TrustedRoot.Json(
        [
            ($"https://{v1.Origin}", v1.PublicKey, SHA256.HashData(TrustedRoot.Der(v1.PublicKey)), "PKIX_ECDSA_P256_SHA_256"),
            ($"https://{v2.Origin}", v2.PublicKey, v2Id, "PKIX_ED25519"),
        ], tsa.Certificates));
        await File.WriteAllTextAsync(folder["key.pub"], submitter.Pem);
        await File.WriteAllTextAsync(folder["artifact"], Artifact);
        await File.WriteAllTextAsync(folder["bundle.json"], bundle);
        return await Tool.RunAsync(CosignFactAttribute.CosignPath!, folder.Path, ["verify-blob", "--key", folder["key.pub"],
            "--bundle", folder["bundle.json"], "--trusted-root", folder["root.json"], .. options, folder["artifact"]]);
    }
}
