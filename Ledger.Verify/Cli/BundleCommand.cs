using System.CommandLine;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary><c>ledger-verify FILE --trust trust.json</c>: the root command, verifies one bundle.</summary>
internal static class BundleCommand
{
    public static void Describe(RootCommand root, Terminal terminal, bool hideFile)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A bundle, as GET /entries/{id}/bundle answers it.",
            // Zero as well: System.CommandLine would otherwise ask for it in front of every subcommand.
            Arity = ArgumentArity.ZeroOrOne,
            Hidden = hideFile,
        };
        var trust = Arguments.Trust(
            "The keys you believe and the policy you ask for. Pin it once, compare its SHA-256 through a second channel.");
        var artifact = Arguments.Artifact();
        var allowUnanchored = new Option<bool>("--allow-unanchored")
        {
            Description = "Exit 0 although no transparency log has witnessed the checkpoint. The verdict stays verified-not-anchored.",
        };
        var json = Arguments.Json();
        root.Add(file);
        root.Add(trust);
        root.Add(artifact);
        root.Add(allowUnanchored);
        root.Add(json);
        root.SetAction(parsed => Run(
            terminal,
            parsed.GetValue(file) ?? throw new UsageException("Name a bundle file or a command (see --help)."),
            parsed.GetValue(trust),
            parsed.GetValue(artifact),
            parsed.GetValue(allowUnanchored),
            parsed.GetValue(json)));
    }

    private static int Run(Terminal terminal, string file, string? trustPath, string? artifactPath, bool allowUnanchored, bool json)
    {
        var trust = Arguments.RequireTrust(trustPath);
        var bundle = InputFiles.ReadBundle(file);
        var artifact = InputFiles.DigestOf(artifactPath);
        var policy = allowUnanchored ? trust.Policy.WithoutAnchorsUnsafe() : trust.Policy;

        var report = new BundleVerifier(trust).Verify(bundle, policy, artifact);
        terminal.Report(report, json);
        return report.PolicySatisfied ? ExitCodes.Satisfied : ExitCodes.NotSatisfied;
    }
}
