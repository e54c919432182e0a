using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Objects;

namespace Ledger.DevHost.Emulators.S3.Lists;

/// <summary>One page of the newest versions of keys.</summary>
/// <param name="Objects">Keys that stand for themselves.</param>
/// <param name="Groups">Common prefixes.</param>
/// <param name="Next">The last name that was listed, if there are more; null: that was all.</param>
internal sealed record ObjectPage(IReadOnlyList<(string Key, ObjectVersion Version)> Objects, IReadOnlyList<string> Groups, string? Next)
{
    public int Count => Objects.Count + Groups.Count;

    /// <param name="keys">Of the bucket.</param>
    /// <param name="list">What is asked for.</param>
    /// <param name="after">The key or common prefix to go on after; empty: from the start.</param>
    public static ObjectPage Of(KeyIndex keys, ListQuery list, string after)
    {
        var (objects, groups) = (new List<(string, ObjectVersion)>(), new List<string>());
        string? last = null;
        foreach (var (key, versions) in keys.From(after, list.Prefix))
        {
            var group = list.GroupOf(key);
            if (versions[0].DeleteMarker || key == after || (group is not null && (group == after || group == last)))
                continue;
            if (list.MaxKeys == 0)
                break;
            if (objects.Count + groups.Count == list.MaxKeys)
                return new ObjectPage(objects, groups, last);
            last = group ?? key;
            if (group is null)
                objects.Add((key, versions[0]));
            else
                groups.Add(group);
        }
        return new ObjectPage(objects, groups, Next: null);
    }
}
