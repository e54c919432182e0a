using System.Buffers;

namespace Ledger.Verify.Json;

/// <summary>
/// Where an object's members lie in the output, to bring them into RFC 8785's order. https://www.rfc-editor.org/rfc/rfc8785#section-3.2.3
/// </summary>
internal sealed class JcsMembers(int start)
{
    private readonly List<Member> _members = [];
    private bool _sorted = true;

    /// <summary>Where the first member begins.</summary>
    public int Start { get; } = start;

    public void Add(string name, int from, int to)
    {
        // Ordinal comparison of .NET strings is comparison by UTF-16 code units, which is the RFC's.
        if (_members.Count > 0 && string.CompareOrdinal(_members[^1].Name, name) >= 0) _sorted = false;
        _members.Add(new Member(name, from - Start, to - Start));
    }

    /// <summary>Sorts the members, comma separated, in place. False when a name is there twice.</summary>
    public bool TrySort(Span<byte> written)
    {
        if (_sorted) return true;
        _members.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        for (var i = 1; i < _members.Count; i++)
        {
            if (_members[i].Name == _members[i - 1].Name) return false;
        }

        var copy = ArrayPool<byte>.Shared.Rent(written.Length);
        written.CopyTo(copy);
        var at = 0;
        foreach (var member in _members)
        {
            if (at > 0) written[at++] = (byte)',';
            copy.AsSpan(member.From, member.To - member.From).CopyTo(written[at..]);
            at += member.To - member.From;
        }

        ArrayPool<byte>.Shared.Return(copy);
        return true;
    }

    private readonly record struct Member(string Name, int From, int To);
}
