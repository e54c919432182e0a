using System.Security.Cryptography;
using System.Text;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Setup;

/// <summary>
/// A log's checkpoint as far as a first contact looks at it: who signed, and whether the key that a person gave is that log's.
/// <code>rekor.example - 2824519805661362833
/// 9
/// tNgOl5A3sEUJzj0rghGotkuUoV1laIg4UiaCdOYJDjY=
///
/// — rekor.example 6Sra7zBGAiEAmHlK5u…</code>
/// </summary>
internal sealed record LogNote(string FirstLine, string Body, IReadOnlyList<(string Name, byte[] Hint, byte[] Signature)> Signatures)
{
    private const string Dash = "— ";

    /// <summary>v1: the first line is <c>host - tree id</c>, and the host is what the log is called; v2: all of it.</summary>
    public string Origin(int version) => version == 1 ? FirstLine.Split(" - ")[0] : FirstLine;

    /// <summary>Null: this is no checkpoint.</summary>
    public static LogNote? TryParse(string note)
    {
        var blank = note.IndexOf("\n\n", StringComparison.Ordinal);
        if (blank < 0)
            return null;
        var signatures = new List<(string, byte[], byte[])>();
        foreach (var line in note[(blank + 2)..].Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            var bytes = new byte[line.Length];
            if (parts.Length == 3 && line.StartsWith(Dash, StringComparison.Ordinal)
                && Convert.TryFromBase64String(parts[2], bytes, out var length) && length > 4)
                signatures.Add((parts[1], bytes[..4], bytes[4..length]));
        }
        var firstLine = note[..note.IndexOf('\n', StringComparison.Ordinal)];
        return signatures.Count == 0 ? null : new LogNote(firstLine, note[..(blank + 1)], signatures);
    }

    /// <summary>Whether this key signed it.</summary>
    public bool IsSignedBy(SubjectKey key) => Signatures.Any(s =>
        s.Hint.AsSpan().SequenceEqual(IdOf(key, s.Name).AsSpan(0, 4)) && key.VerifyMessage(Encoding.UTF8.GetBytes(Body), s.Signature));

    // C2SP signed-note for Ed25519; of other keys Rekor takes the hash of the DER alone.
    private static byte[] IdOf(SubjectKey key, string name) => key.Kind == KeyKind.Ed25519
        ? SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', 1, .. key.Spki.AsSpan(^32..)])
        : SHA256.HashData(key.Spki);
}
