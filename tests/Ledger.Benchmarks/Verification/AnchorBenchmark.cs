using System.Diagnostics;
using System.Security.Cryptography;
using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Ledger.Testing;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;
using Ledger.Verify;

namespace Ledger.Benchmarks.Verification;

/// <summary>An anchor in a real Rekor, verified: in the process against the machine's raw ECDSA rate, and by whole cold processes,
/// <c>ledger-verify sigstore</c> against <c>cosign verify-blob</c> on the same files.</summary>
internal static class AnchorBenchmark
{
    // What the anchor's own signature, the log's checkpoint and its promise cost: one ECDSA P-256 verification each.
    private const int Signatures = 3;

    private static readonly string Folder = RepositoryPath.Of("tests", "Ledger.Verify.Tests", "Anchoring", "golden", "rekor-v1");

    private static string Bundle => Path.Combine(Folder, "bundle", "hashedrekord-ecdsa.sigstore.json");

    private static string Root => Path.Combine(Folder, "bundle", "trusted_root.json");

    private static string Key => Path.Combine(Folder, "keys", "ecdsa-p256.pub.pem");

    private static string Artifact => Path.Combine(Folder, "signed", "artifact-ecdsa.txt");

    /// <param name="verifier">The native ledger-verify; null takes the one that was built beside this program, which starts a
    /// runtime.</param>
    public static async Task RunAsync(TimeSpan length, string? verifier, int runs, TextWriter output)
    {
        InProcess(length, output);
        await output.WriteLineAsync();
        await ColdAsync(verifier, runs, output);
    }

    private static void InProcess(TimeSpan length, TextWriter output)
    {
        var (file, artifact) = (File.ReadAllBytes(Bundle), ArtifactDigests.Of(File.ReadAllBytes(Artifact)));
        if (!TrustedRoot.TryParse(File.ReadAllBytes(Root), out var root, out _) || !Spki.TryReadPem(File.ReadAllText(Key), out var spki)
            || !SigstoreBundle.TryParse(file, out var sample, out _))
            throw new InvalidDataException($"{Folder} holds something else.");
        var verifier = new SigstoreVerifier(spki, root);
        var digest = SHA256.HashData(File.ReadAllBytes(Artifact));

        double anchors = 0, raw = 0;
        for (var round = 0; round < 4; round++)
        {
            raw += VerifyBenchmark.Rate(length / 8, () => EcdsaP256.VerifyDigest(spki, digest, sample.Message!.Signature));
            anchors += VerifyBenchmark.Rate(length / 8, () => SigstoreBundle.TryParse(file, out var bundle, out _)
                && verifier.Verify(bundle, artifact).Verdict == Verdict.Verified);
        }
        Table.Write(output, [$"anchors/s ({Signatures} signatures each)", "raw ECDSA P-256 verifies/s", "signatures in anchors : raw"],
            [[$"{anchors / 4:0}", $"{raw / 4:0}", $"{Signatures * anchors / raw:P0}"]]);
    }

    private static async Task ColdAsync(string? verifier, int runs, TextWriter output)
    {
        if (CosignFactAttribute.CosignPath is not { } cosign)
        {
            await output.WriteLineAsync($"not compared with cosign: {CosignFactAttribute.Missing}");
            return;
        }
        string[] ours = verifier is null ? ["dotnet", BuiltProgram.Verify] : [verifier];
        var (mine, theirs) = (new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            // In turns, so that a machine that slows down slows both.
            mine.Add(await OnceAsync([.. ours, "sigstore", Bundle, "--artifact", Artifact, "--key", Key, "--trusted-root", Root]));
            theirs.Add(await OnceAsync([cosign, "verify-blob", "--key", Key, "--bundle", Bundle, "--trusted-root", Root, Artifact]));
        }
        Table.Write(output, ["cold process", "min ms", "median ms"],
        [
            [verifier is null ? "ledger-verify, on the .NET runtime" : "ledger-verify, native", $"{mine.Min():0.0}", $"{Median(mine):0.0}"],
            ["cosign verify-blob", $"{theirs.Min():0.0}", $"{Median(theirs):0.0}"],
            ["ledger-verify : cosign", $"{mine.Min() / theirs.Min():0.00}", $"{Median(mine) / Median(theirs):0.00}"],
        ]);
    }

    private static async Task<double> OnceAsync(string[] command)
    {
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? clock.Elapsed.TotalMilliseconds
            : throw new InvalidOperationException($"{command[0]} refused the anchor: {string.Concat(said)}");
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
