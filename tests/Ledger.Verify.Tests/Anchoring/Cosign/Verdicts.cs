using System.Text;
using System.Text.Json.Nodes;
using Ledger.Testing;
using Ledger.Testing.Cosign;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Anchoring.Cosign;

/// <summary>What cosign and this verifier say to one bundle.</summary>
internal static class Verdicts
{
    /// <summary>Null when accepted, else what was wrong.</summary>
    public static string? Ours(JudgedBundle judged, bool timestamps = false)
    {
        if (!Spki.TryReadPem(judged.Pem, out var spki) || !LogKey.IsSupported(spki)) return "key";
        if (!TrustedRoot.TryParse(judged.Root, out var root, out var failure)) return failure.Text();
        if (!SigstoreBundle.TryParse(judged.Bundle, out var bundle, out failure)) return failure.Text();
        var report = new SigstoreVerifier(spki, root).Verify(bundle, ArtifactDigests.Of(judged.Artifact), timestamps);
        return report.Verdict == Verdict.Verified ? null : string.Join(", ", report.Checks.Where(check => check.Code is not null));
    }

    public static async Task<CosignAnswer> CosignAsync(JudgedBundle judged, bool timestamps = false)
    {
        using var folder = new TempFolder();
        string Put(string name, byte[] content)
        {
            File.WriteAllBytes(folder[name], content);
            return folder[name];
        }

        var (bundle, key) = (Put("b.json", judged.Bundle), Put("pub.pem", Encoding.ASCII.GetBytes(judged.Pem)));
        var (root, artifact) = (Put("root.json", judged.Root), Put("artifact", judged.Artifact));
        string[] more = timestamps ? ["--use-signed-timestamps"] : [];
        return judged.IsEnvelope
            ? await CosignProgram.VerifyAttestationAsync(bundle, key, root, artifact, PredicateType(judged), more)
            : await CosignProgram.VerifyBlobAsync(bundle, key, root, artifact, more);
    }

    /// <summary>What the statement says: cosign wants to be told, and this verifier does not ask.</summary>
    private static string PredicateType(JudgedBundle judged)
    {
        try
        {
            var bundle = JsonNode.Parse(judged.Bundle);
            var payload = (string?)((bundle?["dsseEnvelope"] ?? bundle?["dsse_envelope"])?["payload"]) ?? "";
            return (string?)JsonNode.Parse(Convert.FromBase64String(payload))?["predicateType"] ?? "none";
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or InvalidOperationException)
        {
            return "https://example.com/real-rekor/v1";
        }
    }
}
