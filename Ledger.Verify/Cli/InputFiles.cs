using System.Security.Cryptography;
using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Entries;
using Ledger.Verify.Signing;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>Reads the files named on the command line, never more of them than their format allows.</summary>
internal static class InputFiles
{
    public static TrustFile ReadTrust(string path) => TrustFile.TryParse(Read(path, Limits.TrustFileBytes), out var trust, out var failure)
        ? trust
        : throw new UnreadableException($"{path}: not a trust file: {failure.Text()}");

    public static Bundle ReadBundle(string path) => Bundle.TryParse(Read(path, Limits.BundleBytes), out var bundle, out var failure)
        ? bundle
        : throw new UnreadableException($"{path}: not a bundle: {failure.Text()}");

    public static Receipt ReadReceipt(string path)
    {
        var file = Read(path, Limits.ReceiptBytes);
        // One final LF is forgiven, as in bundles: editors and shells add it.
        var body = file is [.., (byte)'\n'] ? file.AsSpan(..^1) : file;
        return Receipt.TryParse(body, out var receipt, out var failure)
            ? receipt
            : throw new UnreadableException($"{path}: not a receipt: {failure.Text()}");
    }

    public static SigstoreBundle ReadSigstoreBundle(string path) =>
        SigstoreBundle.TryParse(Read(path, Limits.SigstoreBundleBytes), out var bundle, out var failure)
            ? bundle
            : throw new UnreadableException($"{path}: not a Sigstore bundle of a plain key: {failure.Text()}");

    public static TrustedRoot ReadTrustedRoot(string path) =>
        TrustedRoot.TryParse(Read(path, Limits.TrustedRootBytes), out var root, out var failure)
            ? root
            : throw new UnreadableException($"{path}: not a trusted root: {failure.Text()}");

    /// <summary>DER of the one public key in a PEM file.</summary>
    public static byte[] ReadPublicKey(string path)
    {
        var pem = Encoding.Latin1.GetString(Read(path, Limits.PemBytes));
        if (!Spki.TryReadPem(pem, out var spki)) throw new UnreadableException($"{path}: not a PEM public key");
        return LogKey.IsSupported(spki)
            ? spki
            : throw new UnreadableException($"{path}: {FailureCode.KeyUnsupported.Text()}: a key here is ECDSA P-256 or Ed25519");
    }

    public static ArtifactDigests DigestsOf(string path)
    {
        using var stream = Open(path);
        try
        {
            return ArtifactDigests.Of(stream);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableException($"{path}: {e.Message}");
        }
    }

    public static Digest? DigestOf(string? path)
    {
        if (path is null) return null;
        using var stream = Open(path);
        try
        {
            return new Digest(SHA256.HashData(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableException($"{path}: {e.Message}");
        }
    }

    public static byte[] Read(string path, int maxBytes)
    {
        using var stream = Open(path);
        try
        {
            var content = new LogFolder(_ => stream).Read(path, maxBytes)!;
            return content.Length <= maxBytes ? content : throw new UnreadableException($"{path}: over {maxBytes} bytes");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableException($"{path}: {e.Message}");
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UnreadableException($"{path}: cannot be read: {e.Message}");
        }
    }
}
