using System.Security.Cryptography;

namespace Ledger.DevHost.Emulators.Keys;

/// <summary>PEM as Go writes it: lines of 64, LF only, one LF at the end.</summary>
internal static class PemText
{
    public static string Of(string label, ReadOnlySpan<byte> der) => PemEncoding.WriteString(label, der).ReplaceLineEndings("\n") + "\n";
}
