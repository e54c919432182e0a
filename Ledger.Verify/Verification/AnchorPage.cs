using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ledger.Verify.Json;

namespace Ledger.Verify.Verification;

/// <summary>One anchor of the public list.</summary>
/// <param name="Checkpoint">The signed note whose body is anchored, as the log wrote it.</param>
/// <param name="Anchor">RFC 8785 bytes of the Sigstore bundle.</param>
public sealed record ListedAnchor(string Checkpoint, byte[] Anchor);

/// <summary>
/// One page of a log's public list of anchors, <c>GET /log/{tenant}/anchors</c>: every anchor of a checkpoint of that epoch, by size, then
/// by log id and index. Reading proves nothing.
/// </summary>
/// <param name="Items">The anchors.</param>
/// <param name="NextCursor">Where the next page begins; null on the last one.</param>
public sealed record AnchorPage(IReadOnlyList<ListedAnchor> Items, string? NextCursor)
{
    private static readonly JsonLimits Document = new(Limits.DocumentDepth, Limits.AnchorPageBytes);

    /// <summary>The page in RFC 8785 form.</summary>
    public byte[] ToBytes()
    {
        var json = new JcsWriter(4096);
        json.StartObject();
        json.Name("items"u8);
        json.StartArray();
        foreach (var item in Items)
        {
            json.StartObject();
            json.Name("anchor"u8);
            json.Canonical(item.Anchor);
            json.Name("checkpoint"u8);
            json.Text(item.Checkpoint);
            json.EndObject();
        }

        json.EndArray();
        json.Name("next_cursor"u8);
        if (NextCursor is null) json.Canonical("null"u8);
        else json.Text(NextCursor);
        json.EndObject();
        return json.Finish();
    }

    /// <summary>Reads a page in any layout; unknown members are refused.</summary>
    // Example, shortened: {"items":[{"anchor":{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",…},
    // "checkpoint":"ledger.localhost/log/demo\n5\n…"}],"next_cursor":null}
    public static bool TryParse(ReadOnlySpan<byte> file, [NotNullWhen(true)] out AnchorPage? page, out FailureCode failure)
    {
        page = null;
        failure = FailureCode.AnchorListMalformed;
        if (!StrictJson.TryParse(file, Document, out var root, out _)) return false;
        var items = root.Children("items").Select(item => new ListedAnchor(item.Text("checkpoint"), item.Canonical("anchor"))).ToArray();
        var next = root.Canonical("next_cursor");
        if (!root.Complete(out _) || !items.All(item => item.Anchor is [(byte)'{', ..])) return false;
        if (next.AsSpan().SequenceEqual("null"u8)) page = new AnchorPage(items, null);
        else if (next is [(byte)'"', ..]) page = new AnchorPage(items, JsonElement.Parse(next).GetString());
        return page is not null;
    }
}
