namespace Ledger.DevHost.Emulators.Vault.Policies;

/// <summary>One <c>path</c> block of a policy.</summary>
/// <param name="Path">Exact, or with a last <c>*</c> (prefix), or with <c>+</c> for whole segments.</param>
/// <param name="Capabilities">create, read, update, delete, list, sudo, patch, deny.</param>
internal sealed record PolicyRule(string Path, IReadOnlyList<string> Capabilities)
{
    public bool IsExact => !Path.EndsWith('*') && !Path.Split('/').Contains("+");

    public bool Matches(string path)
    {
        if (IsExact)
            return Path == path;
        var prefix = Path.EndsWith('*');
        var (wanted, given) = (Path.TrimEnd('*').Split('/'), path.Split('/'));
        if (given.Length < wanted.Length || (!prefix && given.Length != wanted.Length))
            return false;
        for (var i = 0; i < wanted.Length; i++)
        {
            var last = prefix && i == wanted.Length - 1;
            if (wanted[i] != "+" && (last ? !given[i].StartsWith(wanted[i], StringComparison.Ordinal) : wanted[i] != given[i]))
                return false;
        }
        return true;
    }

    /// <summary>Which of several patterns counts: the one that is literal for longest, then the longer one.</summary>
    public (int, int, int) Priority => (IsExact ? int.MaxValue : Path.IndexOfAny(['+', '*']), Path.EndsWith('*') ? 0 : 1, Path.Length);
}
