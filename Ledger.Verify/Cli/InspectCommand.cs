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
    private const string Pae = "pae.bin", Signature = "sig.bin", Key = "pub.pem", Body = "body.txt", Root = "trusted_root.json";

    private const string Anchor = "anchor-", PayloadAnchor = "payload-anchor-";

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

            and, where that anchor is in Rekor v1, what rekor-cli needs to find it there:

              rekor-cli verify --type hashedrekord --pki-format x509 --public-key anchor-1.pub --signature anchor-1.sig \
                --artifact-hash $(sha256sum body.txt | cut -d' ' -f1)

            The same of an anchor of the payload is payload-anchor-1.*; there the artifact is the payload itself.
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
            (string Name, byte[] Content)[] files = [.. Parts(bundle, trust, terminal), .. Anchors(bundle, trust, terminal)];
            RefuseLeftovers(folder, files.Select(file => file.Name).ToHashSet());
            foreach (var (name, content) in files) Write(folder, name, content, terminal);
        }

        var verifier = trust is null ? BundleVerifier.WithoutTrustUnsafe() : new BundleVerifier(trust);
        var report = verifier.Verify(bundle, TrustPolicy.Default.WithoutAnchorsUnsafe());
        terminal.Report(report, json: false);
        return report.Verdict == Verdict.Failed ? ExitCodes.NotSatisfied : ExitCodes.Satisfied;
    }

    /// <summary>What an anchor is over, the logs, and each anchor with its signature and, with a trust file, its key.</summary>
    private static IEnumerable<(string Name, byte[] Content)> Anchors(Bundle bundle, TrustFile? trust, Terminal terminal)
    {
        if (bundle.Anchors is null && bundle.PayloadAnchors is null) return [];
        var files = new List<(string, byte[])>();
        if (bundle.Anchors is not null && Note.TryParse(bundle.Checkpoint, out var note, out _))
            files.Add((Body, Encoding.UTF8.GetBytes(note.Text)));
        if (trust?.TrustedRoot is { } root) files.Add((Root, root.ToBytes()));
        var keys = trust?.LogOf(bundle.Leaf.Origin);
        return [.. files, .. OfKind(Anchor, bundle.Anchors, keys?.AnchorKeys, terminal),
            .. OfKind(PayloadAnchor, bundle.PayloadAnchors, keys?.PayloadKeys, terminal)];
    }

    private static IEnumerable<(string Name, byte[] Content)> OfKind(string kind, IReadOnlyList<byte[]>? anchors,
        IReadOnlyList<string>? pems, Terminal terminal)
    {
        var keys = new AnchorKeys(pems ?? [], []);
        for (var i = 0; i < (anchors?.Count ?? 0); i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{kind}{i + 1}");
            yield return (name + ".sigstore.json", anchors![i]);
            if (!SigstoreBundle.TryParse(anchors[i], out var anchor, out _)) anchor = null;
            if (anchor?.Message is { } message) yield return (name + ".sig", message.Signature);
            if (keys.Find(anchor?.Hint, out _) is { } key)
                yield return (name + ".pub", Encoding.ASCII.GetBytes(Spki.ToPem(key)));
            else terminal.Warn($"no {name}.pub: a bundle holds no keys, and the trust file has none that its hint names");
        }
    }

    private static IEnumerable<(string Name, byte[] Content)> Parts(Bundle bundle, TrustFile? trust, Terminal terminal)
    {
        if (bundle.Envelope.Signatures is not [var signature])
        {
            terminal.Warn("no statement written: the envelope has not exactly one signature");
            yield break;
        }

        yield return (Pae, Dsse.Pae(bundle.Envelope.PayloadType, bundle.Envelope.Payload));
        yield return (Signature, signature.Signature);
        var key = trust?.LogOf(bundle.Leaf.Origin)?.EntryKeys.FirstOrDefault(key => key.KeyId == signature.KeyId);
        if (key is null)
            terminal.Warn(trust is null
                ? "no pub.pem: a bundle holds no keys, pass --trust"
                : $"no pub.pem: the trust file has no key {Terminal.Printable(signature.KeyId)} for this log");
        else yield return (Key, Encoding.ASCII.GetBytes(Spki.ToPem(Spki.OfEd25519(key.PublicKey))));
    }

    /// <summary>A file of another bundle beside this one's would be verified as if it belonged to it.</summary>
    private static void RefuseLeftovers(string folder, HashSet<string> written)
    {
        if (!Directory.Exists(folder)) return;
        string[] own = [Pae, Signature, Key, Body, Root];
        var left = Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)
            .FirstOrDefault(name => !written.Contains(name) && (own.Contains(name) || IsAnchor(name)));
        if (left is not null)
            throw new UnreadableException($"{Path.Combine(folder, left)}: of another bundle; empty the folder, or name another one");
    }

    private static bool IsAnchor(string name) =>
        (name.StartsWith(Anchor, StringComparison.Ordinal) || name.StartsWith(PayloadAnchor, StringComparison.Ordinal))
        && (name.EndsWith(".pub", StringComparison.Ordinal) || name.EndsWith(".sig", StringComparison.Ordinal)
            || name.EndsWith(".sigstore.json", StringComparison.Ordinal));

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
