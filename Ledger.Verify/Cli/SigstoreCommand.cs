using System.CommandLine;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary><c>ledger-verify sigstore BUNDLE</c>: verifies anybody's Sigstore bundle that was made with a plain key.</summary>
internal static class SigstoreCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("BUNDLE")
        {
            Description = "A Sigstore bundle v0.3, such as a checkpoint's anchor.sigstore.json or what cosign sign-blob writes.",
        };
        var artifact = Arguments.Path("--artifact", "What was signed, or what the envelope's statement is about.", "FILE");
        var key = Arguments.Path("--key", "The signer's public key in PEM: ECDSA P-256, or Ed25519 for an envelope.", "pub.pem");
        var root = Arguments.Path(
            "--trusted-root", "The transparency logs and timestamp authorities you believe, as for cosign.", "trusted_root.json");
        var timestamps = new Option<bool>("--use-signed-timestamps")
        {
            Description = "Ask for an RFC 3161 timestamp of an authority in the trusted root, as cosign's option of that name.",
        };
        var json = Arguments.Json();
        var command = new Command(
            "sigstore",
            "Verifies a Sigstore bundle made with a plain key: accepts and refuses what cosign verify-blob (for an envelope\n"
            + "verify-blob-attestation) with --key, --bundle and --trusted-root does, and says which check failed.")
        { file, artifact, key, root, timestamps, json };
        command.SetAction(parsed => Run(
            terminal,
            parsed.GetRequiredValue(file),
            Arguments.Require(parsed.GetValue(artifact), artifact.Name, "a signature says nothing without what it is over (see --help)."),
            Arguments.Require(parsed.GetValue(key), key.Name, "the key in a bundle is only a hint (see --help)."),
            Arguments.Require(parsed.GetValue(root), root.Name, "only logs that you pinned yourself can witness anything (see --help)."),
            parsed.GetValue(timestamps),
            parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string file, string artifact, string key, string root, bool timestamps, bool json)
    {
        var verifier = new SigstoreVerifier(InputFiles.ReadPublicKey(key), InputFiles.ReadTrustedRoot(root));
        var report = verifier.Verify(InputFiles.ReadSigstoreBundle(file), InputFiles.DigestsOf(artifact), timestamps);
        terminal.Report(report.Checks, report.Notes, report.Verdict, json);
        return report.Verdict == Verdict.Verified ? ExitCodes.Satisfied : ExitCodes.NotSatisfied;
    }
}
