using System.Text;

namespace Ledger.DevHost.Emulators.Logs;

/// <summary>
/// A C2SP checkpoint as a signed note:
/// <code>rekor2.localhost
/// 13
/// eKmaP6DahCw+xj/ij/tRpZoo0m1YvNwAMuxcPUrLl44=
///
/// — rekor2.localhost FT2xohDMQZRqSzcY…</code>
/// </summary>
internal static class SignedNote
{
    /// <summary>What is signed: up to and with the line feed before the blank line.</summary>
    public static string Body(string origin, long size, ReadOnlySpan<byte> root) => $"{origin}\n{size}\n{Convert.ToBase64String(root)}\n";

    /// <param name="body">What was signed.</param>
    /// <param name="name">Name of the key.</param>
    /// <param name="keyId">Id of the key; its first four bytes are shown.</param>
    /// <param name="signature">Of the body's UTF-8 bytes.</param>
    public static string Format(string body, string name, ReadOnlySpan<byte> keyId, ReadOnlySpan<byte> signature) =>
        $"{body}\n— {name} {Convert.ToBase64String([.. keyId[..4], .. signature])}\n";

    public static byte[] Bytes(string body) => Encoding.UTF8.GetBytes(body);
}
