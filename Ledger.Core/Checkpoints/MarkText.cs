using System.Globalization;
using System.Text;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Checkpoints;

namespace Ledger.Core.Checkpoints;

/// <summary>A mark as its store keeps it: five lines, then the note to the byte. One spelling per mark, readable by the person who has to
/// decide.</summary>
/*
ledger.high-water-mark/v1
demo
1
2
b05a1d57fbd2a793bc9fd6bc4295ba3d163deed7ce496e5bb1cd9797f1108b4f
ledger.localhost/log/demo
2
sFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=

— ledger.localhost/log/demo Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
*/
internal static class MarkText
{
    private const string FirstLine = "ledger.high-water-mark/v1";

    /// <summary>A note at its largest, and the lines above it.</summary>
    public const int MaxBytes = Limits.NoteBytes + 512;

    public static byte[] Format(HighWaterMark mark) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
        $"{FirstLine}\n{mark.Tenant}\n{mark.Epoch}\n{mark.Size}\n{mark.Root}\n{mark.Note}"));

    /// <summary>Parses what <see cref="Format"/> writes, formats it again and compares; the note must be a checkpoint of the mark's own
    /// size and root.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out HighWaterMark mark)
    {
        mark = null!;
        if (bytes.Length > MaxBytes) return false;
        if (Encoding.UTF8.GetString(bytes) .Split('\n', 6) is not [FirstLine, var tenant, var epoch, var size, var root, var note])
            return false;
        if (!TenantId.TryParse(tenant, out var id) || !int.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var leaves)
                || !Digest.TryParseHex(root, out var digest)) return false;
        var parsed = new HighWaterMark(id, number, leaves, digest, note);
        if (!Format(parsed).AsSpan().SequenceEqual(bytes) || !IsOwnNote(parsed)) return false;
        mark = parsed;
        return true;
    }

    private static bool IsOwnNote(HighWaterMark mark)
    {
        if (mark.Size == 0) return mark == HighWaterMark.OfEmptyLog(mark.Tenant, mark.Epoch);
        return Note.TryParse(mark.Note, out var note, out _) && Checkpoint.ParseUnverified(note, out var checkpoint, out _)
            && checkpoint.Size == mark.Size && checkpoint.Root == mark.Root;
    }
}
