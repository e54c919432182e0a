using System.CommandLine;
using Ledger.Verify.Entries;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary><c>ledger-verify receipt R.json</c>: judges the answer to an append.</summary>
internal static class ReceiptCommand
{
    private const string Unsigned = "position: unsigned";

    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The body of a 201 answer to POST /append, byte for byte as it came." };
        var trust = Arguments.Trust("The keys you believe. Without it only the receipt's consistency with itself is checked.");
        var artifact = Arguments.Artifact();
        var json = Arguments.Json();
        var command = new Command(
            "receipt",
            "Verifies that a receipt's statement is signed and that every other field follows from it.\n\n"
            + "A receipt's position is unsigned until a checkpoint covers it: fetch the bundle then, and verify that.")
        { file, trust, artifact, json };
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(file), parsed.GetValue(trust), parsed.GetValue(artifact), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string file, string? trustPath, string? artifactPath, bool json)
    {
        var verifier = trustPath is null ? ReceiptVerifier.WithoutTrustUnsafe() : new ReceiptVerifier(InputFiles.ReadTrust(trustPath));
        var report = verifier.Verify(InputFiles.ReadReceipt(file), InputFiles.DigestOf(artifactPath));
        terminal.Report(report.Checks, [Unsigned], report.Verdict, json);
        return report.PolicySatisfied ? ExitCodes.Satisfied : ExitCodes.NotSatisfied;
    }
}
