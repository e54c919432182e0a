using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Rekor1.Answers;
using Ledger.DevHost.Emulators.Rekor1.Log;

namespace Ledger.DevHost.Emulators.Rekor1.Routes;

/// <summary><c>/log</c>, <c>/log/publicKey</c>, <c>/log/proof</c>.</summary>
internal sealed class LogRoutes(Rekor1Log log)
{
    public Rekor1Answer Info(Rekor1Request request) => Rekor1Answer.Json(200, w =>
    {
        w.WriteStartObject();
        if (log.Shards.Count == 1)
            w.WriteNull("inactiveShards");
        else
        {
            w.WriteStartArray("inactiveShards");
            foreach (var shard in log.Shards.Take(log.Shards.Count - 1))
            {
                w.WriteStartObject();
                Head(w, shard, request.Voice);
                w.WriteEndObject();
            }
            w.WriteEndArray();
        }
        Head(w, log.Active, request.Voice);
        w.WriteEndObject();
    });

    public Rekor1Answer PublicKey(Rekor1Request request)
    {
        var (treeId, refusal) = Parameter.TreeId(request.Query);
        if (refusal is not null)
            return refusal;
        if (treeId is not null && ShardOf(treeId) is null)
            return Rekor1Answer.Error(400, "Bad Request");
        var pem = request.Voice.Key.Pem;
        return request.MediaType == "application/json"
            ? Rekor1Answer.Json(200, w => w.WriteStringValue(pem))
            : new Rekor1Answer(200, Encoding.ASCII.GetBytes(pem), request.MediaType);
    }

    // The root is the tree's as it is now, whatever sizes were asked for.
    public Rekor1Answer Proof(Rekor1Request request)
    {
        var (first, badFirst) = Parameter.Number(request.Query, "firstSize", 1);
        var (last, badLast) = Parameter.RequiredNumber(request.Query, "lastSize", 1);
        var (treeId, badTree) = Parameter.TreeId(request.Query);
        if ((badFirst ?? badLast ?? badTree) is { } refusal)
            return refusal;
        var (from, to) = (first ?? 1, last!.Value);
        if (from > to)
            return Rekor1Answer.Error(400, $"firstSize({from}) must be less than lastSize({to})");
        var shard = treeId is null ? log.Active : ShardOf(treeId);
        if (shard is null)
            return Rekor1Answer.Error(400, $"no log range found for tree ID {treeId}");
        var size = request.Voice.SizeOf(shard);
        if (to > size)
            return Rekor1Answer.Error(400, $"the tree size requested({to}) was greater than what is currently observable({size})");
        return Rekor1Answer.Json(200, w =>
        {
            w.WriteStartObject();
            EntryJson.Hashes(w, request.Voice.Consistency(shard, (int)from, (int)to));
            w.WriteString("rootHash", Convert.ToHexStringLower(request.Voice.Root(shard, size)));
            w.WriteEndObject();
        });
    }

    private Shard? ShardOf(string treeId) => log.Shards.FirstOrDefault(s => s.TreeId.ToString(CultureInfo.InvariantCulture) == treeId);

    private static void Head(Utf8JsonWriter w, Shard shard, LogVoice voice)
    {
        var size = voice.SizeOf(shard);
        w.WriteString("rootHash", Convert.ToHexStringLower(voice.Root(shard, size)));
        w.WriteString("signedTreeHead", voice.Checkpoint(shard, size));
        w.WriteString("treeID", shard.TreeId.ToString(CultureInfo.InvariantCulture));
        w.WriteNumber("treeSize", size);
    }
}
