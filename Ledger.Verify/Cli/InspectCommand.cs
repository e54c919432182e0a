using System.CommandLine;
using System.Globalization;
using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Checkpoints;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary><c>ledger-verify inspect b.json --out DIR</c>: shows a bundle and takes the signature out of it,
/// for other tools to verify.</summary>
internal static class InspectCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A bundle." };
        var trust = Arguments.Trust("The keys you believe. Without it there is no pub.pem to write: a bundle holds no keys.");
        var folder = Arguments.Path("--out", "Write these files into this folder; it is made if absent.", "DIR");
        var command = new Command(
            "inspect",
            """
            Prints what is inside a bundle, and writes what plain OpenSSL 3 needs to verify the statement's signature:

              openssl pkeyutl -verify -rawin -pubin -inkey pub.pem -in pae.bin -sigfile sig.bin

            and what cosign needs to verify an anchor of the checkpoint:

              cosign verify-blob --key anchor-1.pub --bundle anchor-1.sigstore.json --trusted-root trusted_root.json body.txt
            """) { file, trust, folder };
        command.SetAction(parsed => Run(terminal, parsed.GetRequiredValue(file), parsed.GetValue(trust), parsed.GetValue(folder)));
        return command;
    }

    private static int Run(Terminal terminal, string file, string? trustPath, string? folder)
    {
        var trust = trustPath is null ? null : InputFiles.ReadTrust(trustPath);
        var bundle = InputFiles.ReadBundle(file);
        BundleText.Print(bundle, terminal);
        if (folder is not null)
        {
            WriteParts(bundle, trust, folder, terminal);
            WriteAnchors(bundle, trust, folder, terminal);
        }

        var verifier = trust is null ? BundleVerifier.WithoutTrustUnsafe() : new BundleVerifier(trust);
        var report = verifier.Verify(bundle, TrustPolicy.Default.WithoutAnchorsUnsafe());
        terminal.Report(report, json: false);
        return report.Verdict == Verdict.Failed ? ExitCodes.NotSatisfied : ExitCodes.Satisfied;
    }

    /// <summary>What an anchor is over, each anchor, and with a trust file its key and the logs.</summary>
    private static void WriteAnchors(Bundle bundle, TrustFile? trust, string folder, Terminal terminal)
    {
        if (bundle.Anchors is not { } anchors || !Note.TryParse(bundle.Checkpoint, out var note, out _)) return;
        Write(folder, "body.txt", Encoding.UTF8.GetBytes(note.Text), terminal);
        if (trust?.TrustedRoot is { } root) Write(folder, "trusted_root.json", root.ToBytes(), terminal);
        var keys = new AnchorKeys(trust?.LogOf(bundle.Leaf.Origin)?.AnchorKeys ?? [], []);
        for (var i = 0; i < anchors.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"anchor-{i + 1}");
            Write(folder, name + ".sigstore.json", anchors[i], terminal);
            if (SigstoreBundle.TryParse(anchors[i], out var anchor, out _) && keys.Find(anchor.Hint, out _) is { } key)
                Write(folder, name + ".pub", Encoding.ASCII.GetBytes(Spki.ToPem(key)), terminal);
            else terminal.Warn($"no {name}.pub: a bundle holds no keys, and the trust file has none that its hint names");
        }
    }

    private static void WriteParts(Bundle bundle, TrustFile? trust, string folder, Terminal terminal)
    {
        if (bundle.Envelope.Signatures is not [var signature])
        {
            terminal.Warn("nothing written: the envelope has not exactly one signature");
            return;
        }

        Write(folder, "pae.bin", Dsse.Pae(bundle.Envelope.PayloadType, bundle.Envelope.Payload), terminal);
        Write(folder, "sig.bin", signature.Signature, terminal);
        var key = trust?.LogOf(bundle.Leaf.Origin)?.EntryKeys.FirstOrDefault(key => key.KeyId == signature.KeyId);
        if (key is null)
            terminal.Warn(trust is null
                ? "no pub.pem: a bundle holds no keys, pass --trust"
                : $"no pub.pem: the trust file has no key {Terminal.Printable(signature.KeyId)} for this log");
        else Write(folder, "pub.pem", Encoding.ASCII.GetBytes(Spki.ToPem(Spki.OfEd25519(key.PublicKey))), terminal);
    }

    private static void Write(string folder, string name, byte[] content, Terminal terminal)
    {
        var path = Path.Combine(folder, name);
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(path, content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UnreadableException($"{path}: cannot be written: {e.Message}");
        }

        terminal.Line($"wrote {path}");
    }
}
