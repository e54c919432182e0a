using System.Globalization;
using System.Text;
using Ledger.Verify.Merkle;

namespace Ledger.Verify.Checkpoints;

/// <summary>An inclusion proof with its checkpoint as one text, for tools that speak C2SP. https://c2sp.org/tlog-proof</summary>
/// <param name="Index">The entry's index in the log.</param>
/// <param name="Hashes">The inclusion proof, from the leaf's sibling up to the root's child.</param>
/// <param name="Checkpoint">The signed note, verbatim and unverified.</param>
/// <param name="Extra">Opaque and unauthenticated; null or empty when the line is absent.</param>
/*
c2sp.org/tlog-proof@v1
index 1
gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=

ledger.localhost/log/demo
2
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— ledger.localhost/log/demo Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
*/
public sealed record TlogProof(long Index, IReadOnlyList<Digest> Hashes, Note Checkpoint, byte[]? Extra = null)
{
    private const string FirstLine = "c2sp.org/tlog-proof@v1";

    public string Format()
    {
        var text = new StringBuilder(FirstLine).Append('\n');
        if (Extra is { Length: > 0 }) text.Append("extra ").Append(CanonicalBase64.Encode(Extra)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"index {Index}\n");
        foreach (var hash in Hashes) text.Append(CanonicalBase64.Encode(hash.ToArray())).Append('\n');
        return text.Append('\n').Append(Checkpoint.Format()).ToString();
    }

    /// <summary>
    /// Parses strictly: what it accepts, <see cref="Format"/> gives back to the byte. The failure may also be the note's.
    /// </summary>
    public static bool TryParse(string text, out TlogProof proof, out FailureCode failure)
    {
        ArgumentNullException.ThrowIfNull(text);
        proof = null!;
        failure = FailureCode.TlogProofMalformed;
        if (text.Length > Limits.TlogProofBytes) return false;

        // The proof's own lines are never empty, so the first blank line ends them; the note may have blank lines of its own.
        var blank = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (blank < 0) return false;
        var lines = text[..blank].Split('\n', Limits.ProofHashes + 4);
        var next = 1;
        if (lines.Length < 2 || lines[0] != FirstLine) return false;

        byte[]? extra = null;
        if (lines[next].StartsWith("extra ", StringComparison.Ordinal))
        {
            if (!CanonicalBase64.TryDecode(lines[next].AsSpan(6), out extra) || extra.Length is 0 or > Limits.TlogProofExtraBytes)
            {
                return false;
            }

            next++;
        }

        if (next == lines.Length || !lines[next].StartsWith("index ", StringComparison.Ordinal)) return false;
        if (!TilePath.TryParseDecimal(lines[next].AsSpan(6), Limits.MaxSafeInteger, out var index)) return false;
        next++;

        if (lines.Length - next > Limits.ProofHashes) return false;
        var hashes = new Digest[lines.Length - next];
        for (var i = 0; i < hashes.Length; i++)
        {
            if (!CanonicalBase64.TryDecodeDigest(lines[next + i], out hashes[i])) return false;
        }

        if (!Note.TryParse(text[(blank + 2)..], out var note, out failure)) return false;
        proof = new TlogProof(index, hashes, note, extra);
        return true;
    }
}
