using System.Text;
using System.Text.Json.Nodes;
using Ledger.Verify.Entries;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Tests.Verification;

namespace Ledger.Verify.Tests.Cli;

/// <summary>A <see cref="VirtualLog"/> on loopback, as much of a Rekor as a sweep asks for.</summary>
internal static class RekorSite
{
    /// <summary>Rekor v1: the search names an entry whose body has the key.</summary>
    public static LoopbackSite OfVersion1(VirtualLog log) => new((what, body) => what switch
    {
        "GET /api/v1/log" => Json(new JsonObject { ["signedTreeHead"] = log.Checkpoint(log.Size), ["treeSize"] = log.Size, ["new"] = 1 }),
        "POST /api/v1/index/retrieve" => Json(Search(log, JsonNode.Parse(body)!)),
        "POST /api/v1/log/entries/retrieve" => Json(Retrieve(log, JsonNode.Parse(body)!["entryUUIDs"]!.AsArray())),
        _ => null,
    });

    /// <summary>Rekor v2: checkpoint and entry bundles, as wide as the tree has them.</summary>
    public static LoopbackSite OfVersion2(VirtualLog log) => new((what, _) =>
    {
        if (what == "GET /api/v2/checkpoint") return Encoding.UTF8.GetBytes(log.Checkpoint(log.Size));
        for (var start = 0; start < log.Size; start += 256)
        {
            var width = Math.Min(256, log.Size - start);
            if (what != $"GET /api/v2/{new Verify.Merkle.EntryBundleId(start / 256, width).Path}") continue;
            return EntryBundle.Write([.. Enumerable.Range(start, width).Select(index => log.Entry(index).CanonicalizedBody)]);
        }

        return null;
    });

    private static JsonArray Search(VirtualLog log, JsonNode query)
    {
        var pem = Encoding.ASCII.GetString(Convert.FromBase64String(query["publicKey"]?["content"]?.GetValue<string>() ?? ""));
        var encoded = Convert.ToBase64String(Encoding.ASCII.GetBytes(pem));
        var found = Enumerable.Range(0, log.Size).Select(index => log.Entry(index))
            .Where(entry => pem.Length > 0 && Encoding.UTF8.GetString(entry.CanonicalizedBody).Contains(encoded, StringComparison.Ordinal));
        return [.. found.Select(entry => JsonValue.Create(entry.EntryId()))];
    }

    private static JsonArray Retrieve(VirtualLog log, JsonArray ids)
    {
        Assert.InRange(ids.Count, 1, 10);
        var asked = ids.Select(id => id!.GetValue<string>()).ToHashSet();
        return [.. Enumerable.Range(0, log.Size).Select(index => log.Entry(index)).Where(entry => asked.Contains(entry.EntryId()))
            .Select(Sweeps.Answer)];
    }

    private static byte[] Json(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());
}
