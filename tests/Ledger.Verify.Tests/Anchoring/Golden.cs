using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;
using Ledger.Verify.Tests.Documents;

namespace Ledger.Verify.Tests.Anchoring;

/// <summary>A bundle with all that it takes to judge it, as files hold it.</summary>
/// <param name="Name">For messages.</param>
/// <param name="Bundle">The bundle's JSON.</param>
/// <param name="Root">The trusted root's JSON.</param>
/// <param name="Pem">The signer's key.</param>
/// <param name="Artifact">What was signed, or what the envelope's statement is about.</param>
public sealed record JudgedBundle(string Name, byte[] Bundle, byte[] Root, string Pem, byte[] Artifact)
{
    public bool IsEnvelope => Encoding.UTF8.GetString(Bundle) is var text
        && (text.Contains("dsseEnvelope", StringComparison.Ordinal) || text.Contains("dsse_envelope", StringComparison.Ordinal));

    public byte[] Spki => Verify.Signing.Spki.TryReadPem(Pem, out var spki) ? spki : throw new InvalidOperationException("not a PEM");

    public override string ToString() => Name;
}

/// <summary>The bundles over real logs in `golden`.</summary>
public static class Golden
{
    /// <summary>Those that cosign accepts.</summary>
    public static readonly IReadOnlyList<JudgedBundle> Accepted =
    [
        Of(1, "hashedrekord-ecdsa", "ecdsa-p256"), Of(1, "dsse-ed25519", "ed25519"),
        Of(2, "hashedrekord-ecdsa", "ecdsa-p256"), Of(2, "hashedrekord-ecdsa-no-timestamp", "ecdsa-p256"),
        Of(2, "dsse-ecdsa", "ecdsa-p256"), Of(2, "dsse-ecdsa-no-timestamp", "ecdsa-p256"),
    ];

    /// <summary>Those by Ed25519ph, which neither cosign with a plain key nor this verifier accepts.</summary>
    public static readonly IReadOnlyList<JudgedBundle> Prehashed =
        [Of(2, "hashedrekord-ed25519ph", "ed25519"), Of(2, "dsse-ed25519ph", "ed25519")];

    public static JudgedBundle Named(string name) => Accepted.Concat(Prehashed).Single(bundle => bundle.Name == name);

    public static SigstoreBundle Parse(this JudgedBundle judged)
    {
        Assert.True(SigstoreBundle.TryParse(judged.Bundle, out var bundle, out var failure), failure.ToString());
        return bundle;
    }

    public static TrustedRoot ParseRoot(this JudgedBundle judged)
    {
        Assert.True(TrustedRoot.TryParse(judged.Root, out var root, out var failure), failure.ToString());
        return root;
    }

    public static byte[] File(string path) =>
        System.IO.File.ReadAllBytes(RepositoryFile.Path("tests/Ledger.Verify.Tests/Anchoring/golden/" + path));

    private static JudgedBundle Of(int version, string bundle, string key)
    {
        var folder = $"rekor-v{version}/";
        var artifact = bundle.StartsWith("dsse", StringComparison.Ordinal) ? "artifact-dsse.txt" : "artifact-ecdsa.txt";
        return new JudgedBundle(
            $"v{version} {bundle}", File($"{folder}bundle/{bundle}.sigstore.json"), File(folder + "bundle/trusted_root.json"),
            Encoding.ASCII.GetString(File($"{folder}keys/{key}.pub.pem")), File($"{folder}signed/{artifact}"));
    }
}
