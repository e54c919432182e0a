namespace Ledger.Verify.Entries;

/// <summary>The rule for an entry's subject, the same for who writes it and who verifies it.</summary>
public static class SubjectName
{
    /// <summary>1–256 Unicode code points, no U+0000, no half of a surrogate pair.</summary>
    public static bool IsValid(string subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var codePoints = 0;
        for (var i = 0; i < subject.Length; i++, codePoints++)
        {
            if (codePoints == Limits.SubjectCodePoints || subject[i] == '\0') return false;
            if (!char.IsSurrogate(subject[i])) continue;
            if (i + 1 == subject.Length || !char.IsSurrogatePair(subject[i], subject[i + 1])) return false;
            i++;
        }

        return codePoints > 0;
    }
}
