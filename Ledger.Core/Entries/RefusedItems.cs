using System.Text.Json;
using Ledger.Core.Problems;

namespace Ledger.Core.Entries;

/// <summary>The refused items of a batch, kept with its Idempotency-Key so that the same answer can be given again.</summary>
/// <remarks>Raw: <c>[{"index":3,"slug":"missing-field","detail":"'payload' is required.","field":"items[3].payload"}]</c></remarks>
internal static class RefusedItems
{
    private sealed record Kept(int Index, string Slug, string Detail, string? Field);

    public static string? Write(IReadOnlyList<AppendBodyItem> items)
    {
        var refused = items.Select((item, index) => (item.Problem, index)).Where(i => i.Problem is not null)
            .Select(i => new Kept(i.index, i.Problem!.Type.Slug, i.Problem.Detail, i.Problem.Field)).ToList();
        return refused.Count == 0 ? null : JsonSerializer.Serialize(refused, JsonSerializerOptions.Web);
    }

    public static IReadOnlyDictionary<int, LedgerProblem> Read(string? kept)
    {
        if (kept is null) return new Dictionary<int, LedgerProblem>();
        var types = ProblemTypes.All.ToDictionary(t => t.Slug);
        return JsonSerializer.Deserialize<List<Kept>>(kept, JsonSerializerOptions.Web)!
            .ToDictionary(k => k.Index,
                k => new LedgerProblem(types.GetValueOrDefault(k.Slug, ProblemTypes.InvalidField), k.Detail, k.Field));
    }
}
