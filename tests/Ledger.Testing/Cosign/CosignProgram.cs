using System.Diagnostics;
using Ledger.Testing.Attributes;

namespace Ledger.Testing.Cosign;

/// <summary>The program cosign: what it answered, and what it said.</summary>
/// <param name="Accepted">It ended with 0.</param>
/// <param name="Output">Both streams.</param>
public sealed record CosignAnswer(bool Accepted, string Output);

/// <summary>How cosign (<see cref="CosignFactAttribute.CosignPath"/>) verifies a bundle without any network.</summary>
public static class CosignProgram
{
    /// <summary><c>verify-blob</c> with these files.</summary>
    /// <param name="bundle">A Sigstore bundle.</param>
    /// <param name="key">PEM of the signer's key.</param>
    /// <param name="trustedRoot">trusted_root.json.</param>
    /// <param name="artifact">What was signed.</param>
    /// <param name="more">Further options.</param>
    public static Task<CosignAnswer> VerifyBlobAsync(
        string bundle, string key, string trustedRoot, string artifact, params string[] more) =>
        RunAsync(["verify-blob", "--key", key, "--bundle", bundle, "--trusted-root", trustedRoot, .. more, artifact]);

    /// <summary><c>verify-blob-attestation</c> with these files; the artifact must be a subject of the statement in the envelope.</summary>
    /// <inheritdoc cref="VerifyBlobAsync"/>
    /// <param name="predicateType">The one in the statement.</param>
    public static Task<CosignAnswer> VerifyAttestationAsync(
        string bundle, string key, string trustedRoot, string artifact, string predicateType, params string[] more) =>
        RunAsync(
        [
            "verify-blob-attestation", "--key", key, "--bundle", bundle, "--trusted-root", trustedRoot, "--type", predicateType,
            .. more, artifact,
        ]);

    /// <summary>Runs it to its end. Whatever it would fetch goes to a port where nobody listens.</summary>
    public static async Task<CosignAnswer> RunAsync(IEnumerable<string> arguments)
    {
        var program = CosignFactAttribute.CosignPath ?? throw new InvalidOperationException(CosignFactAttribute.Missing);
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["HTTP_PROXY"] = start.Environment["HTTPS_PROXY"] = "http://127.0.0.1:9";
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new CosignAnswer(process.ExitCode == 0, await output + await error);
    }
}
