using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Golden;

/// <summary>What the recording said, and what it is called on this server: ids, tokens, signatures, times.</summary>
internal sealed class Memory(Dictionary<string, string> given)
{
    private const int ShortestValue = 12; // below that it is a word, not an id

    public string Put(string text)
    {
        foreach (var recorded in given.Keys.OrderByDescending(k => k.Length))
            text = text.Replace(recorded, given[recorded], StringComparison.Ordinal);
        return text;
    }

    public void Learn(JsonElement recorded, JsonElement actual)
    {
        switch (recorded.ValueKind, actual.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object) when Difference.IsMap(recorded) && Difference.IsMap(actual):
                foreach (var (r, a) in recorded.EnumerateObject().Zip(actual.EnumerateObject()))
                {
                    Learn(r.Name, a.Name);
                    Learn(r.Value, a.Value);
                }
                break;
            case (JsonValueKind.Object, JsonValueKind.Object):
                foreach (var member in recorded.EnumerateObject())
                {
                    if (actual.TryGetProperty(member.Name, out var value))
                        Learn(member.Value, value);
                }
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                foreach (var (r, a) in Difference.Ordered(recorded).Zip(Difference.Ordered(actual)))
                    Learn(r, a);
                break;
            case (JsonValueKind.String, JsonValueKind.String):
                Learn(recorded.GetString()!, actual.GetString()!);
                break;
        }
    }

    public void Learn(string was, string now)
    {
        if (was != now && was.Length >= ShortestValue && was.Any(c => char.IsAsciiDigit(c) || c == '{'))
            given.TryAdd(was, now);
    }
}
