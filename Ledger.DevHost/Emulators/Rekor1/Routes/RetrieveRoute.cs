using System.Text.Json;
using Ledger.DevHost.Emulators.Go;
using Ledger.DevHost.Emulators.Rekor1.Answers;
using Ledger.DevHost.Emulators.Rekor1.Log;
using Ledger.DevHost.Emulators.Rekor1.Proposals;

namespace Ledger.DevHost.Emulators.Rekor1.Routes;

/// <summary>
/// <c>POST /log/entries/retrieve</c>: several entries at once; what is not there is left out.
/// <code>{"entryUUIDs":[hex],"logIndexes":[0],"entries":[proposal]}</code>
/// </summary>
internal sealed class RetrieveRoute(Rekor1Log log)
{
    private const int Most = 10;
    private const string Unreadable = "parsing entry body from \"\" failed, because ";
    private const string Shape = """struct { Entries jsontext.Value "json:\"entries\""; EntryUUIDs []string "json:\"entryUUIDs\""; """
        + """LogIndexes []*int64 "json:\"logIndexes\"" }""";

    public Rekor1Answer Retrieve(Rekor1Request request)
    {
        if (GoJson.IsBlank(request.Body))
            return Rekor1Answer.Invalid(602, "entry in body is required");
        if (!GoJson.TryParseFirst(request.Body, out var json, out var error))
            return Rekor1Answer.Refusal(400, Unreadable + error);
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            return Rekor1Answer.Refusal(400,
                $"{Unreadable}json: cannot unmarshal {GoJson.KindOf(json.ValueKind)} into Go value of type {Shape}");
        var places = new List<Place?>();
        var refusal = ByIds(json, places) ?? ByProposals(json, places) ?? ByIndexes(json, places);
        if (refusal is not null)
            return refusal;
        var voice = request.Voice;
        return Rekor1Answer.Json(200, w =>
        {
            w.WriteStartArray();
            foreach (var place in places.Select(p => p is { } there ? voice.Show(there) : null).OfType<Place>())
                EntryJson.Write(w, place, voice);
            w.WriteEndArray();
        });
    }

    private Rekor1Answer? ByIds(JsonElement json, List<Place?> places)
    {
        var (items, refusal) = Items(json, "entryUUIDs", JsonValueKind.String, "string");
        foreach (var (id, i) in items.Select((item, i) => (item.GetString() ?? "", i)))
        {
            if (!EntryRoutes.EntryId().IsMatch(id))
                return Rekor1Answer.Invalid(605, $"entryUUIDs.{i} in body {EntryRoutes.BadEntryId}");
            if (!EntryRoutes.HasTreeId(id))
                return Rekor1Answer.Error(400, $"invalid entryID {id}");
            places.Add(log.Find(id.ToLowerInvariant()));
        }
        return refusal;
    }

    private Rekor1Answer? ByIndexes(JsonElement json, List<Place?> places)
    {
        var (items, refusal) = Items(json, "logIndexes", JsonValueKind.Number, "int64");
        foreach (var (item, i) in items.Select((item, i) => (item, i)))
        {
            var index = 0L; // what null counts as
            if (item.ValueKind == JsonValueKind.Number && (!item.TryGetInt64(out index) || index < 0))
                return Rekor1Answer.Invalid(609, $"logIndexes.{i} in body should be greater than or equal to 0");
            places.Add(log.At(index));
        }
        return refusal;
    }

    private Rekor1Answer? ByProposals(JsonElement json, List<Place?> places)
    {
        if (json.ValueKind == JsonValueKind.Null || !json.TryGetProperty("entries", out var list) || list.ValueKind != JsonValueKind.Array)
            return null;
        foreach (var (item, i) in list.EnumerateArray().Select((item, i) => (item, i)))
        {
            var (proposal, refusal) = Proposal.Read(item);
            if (proposal is null)
                return Named(refusal!, i);
            try
            {
                var body = proposal.Canonicalize().Body;
                places.Add(log.Find(Convert.ToHexStringLower(Logs.MerkleTree.LeafHash(body))));
            }
            catch (Refused e)
            {
                return Rekor1Answer.Error(400, e.Message);
            }
        }
        return null;
    }

    // A kind is looked at while the body is parsed; the other members afterwards, by name.
    private static Rekor1Answer Named(Rekor1Answer refusal, int i)
    {
        using var json = JsonDocument.Parse(refusal.Body!);
        var (code, message) = (json.RootElement.GetProperty("code").GetInt32(), json.RootElement.GetProperty("message").GetString()!);
        return code is 602 or 605 && !message.StartsWith("kind", StringComparison.Ordinal)
            ? Rekor1Answer.Invalid(code, $"entries.{i}.{message}")
            : Rekor1Answer.Refusal(400, Unreadable + message);
    }

    private static (IReadOnlyList<JsonElement> Items, Rekor1Answer? Refusal) Items(
        JsonElement json, string name, JsonValueKind kind, string goType)
    {
        if (json.ValueKind == JsonValueKind.Null || !json.TryGetProperty(name, out var list) || list.ValueKind != JsonValueKind.Array)
            return ([], null);
        var items = list.EnumerateArray().ToList();
        if (items.Count == 0)
            return ([], Rekor1Answer.Invalid(612, $"{name} in body should have at least 1 items"));
        if (items.Count > Most)
            return ([], Rekor1Answer.Invalid(611, $"{name} in body should have at most {Most} items"));
        var wrong = items.FindIndex(item => item.ValueKind != kind && item.ValueKind != JsonValueKind.Null);
        return wrong < 0
            ? (items, null)
            : ([], Rekor1Answer.Refusal(400,
                $"{Unreadable}json: cannot unmarshal {GoJson.KindOf(items[wrong].ValueKind)} into .{name}.{wrong} of type {goType}"));
    }
}
