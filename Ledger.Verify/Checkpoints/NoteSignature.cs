using System.Buffers.Binary;

namespace Ledger.Verify.Checkpoints;

/// <summary>One signature line of a note. https://c2sp.org/signed-note</summary>
/// <param name="Name">The key's name: not empty, without white space or <c>+</c>.</param>
/// <param name="KeyHash">The key's id; with the name it says which key, it proves nothing.</param>
/// <param name="Signature">What follows the id, at least one byte; 64 for Ed25519.</param>
// Example: — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
public sealed record NoteSignature(string Name, uint KeyHash, byte[] Signature)
{
    private const string Start = "\u2014 ";

    /// <summary>The line, with its newline.</summary>
    public string Format()
    {
        var bytes = new byte[4 + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, KeyHash);
        Signature.CopyTo(bytes, 4);
        return $"{Start}{Name} {CanonicalBase64.Encode(bytes)}\n";
    }

    /// <summary>Parses a line without its newline.</summary>
    internal static bool TryParse(ReadOnlySpan<char> line, out NoteSignature signature)
    {
        signature = null!;
        if (!line.StartsWith(Start, StringComparison.Ordinal)) return false;
        line = line[Start.Length..];
        var space = line.IndexOf(' ');
        if (space < 0 || !IsName(line[..space])) return false;
        if (!CanonicalBase64.TryDecode(line[(space + 1)..], out var bytes) || bytes.Length < 5) return false;
        signature = new NoteSignature(line[..space].ToString(), BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[4..]);
        return true;
    }

    /// <summary>Whether a key can have this name.</summary>
    internal static bool IsName(ReadOnlySpan<char> name)
    {
        if (!NoteText.IsLine(name) || name.Contains('+')) return false;
        foreach (var c in name)
        {
            if (char.IsWhiteSpace(c)) return false;
        }

        return true;
    }

    public bool Equals(NoteSignature? other) =>
        other is not null && Name == other.Name && KeyHash == other.KeyHash && Signature.AsSpan().SequenceEqual(other.Signature);

    public override int GetHashCode() => HashCode.Combine(Name, KeyHash);
}
