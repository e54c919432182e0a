using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ledger.Verify.Json;

namespace Ledger.Verify.Verification;

/// <summary>One anchor of the public list.</summary>
/// <param name="Size">The size of the checkpoint whose body is anchored.</param>
/// <param name="Bundle">RFC 8785 bytes of the Sigstore bundle.</param>
internal sealed record ListedAnchor(long Size, byte[] Bundle);

/// <summary>
/// One page of a log's public list of anchors, <c>GET /log/{tenant}/anchors</c>: the newest size first. Only what is judged is read, the
/// rest of an item is for people. Reading proves nothing.
/// </summary>
/// <param name="Items">The anchors.</param>
/// <param name="NextCursor">Where the next page begins; null on the last one.</param>
internal sealed record AnchorPage(IReadOnlyList<ListedAnchor> Items, string? NextCursor)
{
    private static readonly JsonLimits Document = new(Limits.DocumentDepth, Limits.AnchorPageBytes);

    /// <summary>Reads a page in any layout.</summary>
    // Example, shortened: {"items":[{"kind":"checkpoint","size":600,"log_index":7,…,
    // "bundle":{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",…}}],"next_cursor":null}
    public static bool TryParse(ReadOnlySpan<byte> file, [NotNullWhen(true)] out AnchorPage? page)
    {
        page = null;
        if (!Jcs.TryCanonicalize(file, Document, out var canonical, out _)) return false;
        var root = JsonElement.Parse(canonical, new JsonDocumentOptions { MaxDepth = Limits.DocumentDepth + 1 });
        if (!Has(root, "items", JsonValueKind.Array, out var items) || !root.TryGetProperty("next_cursor", out var next)) return false;
        if (next.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)) return false;

        var anchors = new List<ListedAnchor>(items.GetArrayLength());
        foreach (var item in items.EnumerateArray())
        {
            if (!Has(item, "size", JsonValueKind.Number, out var size) || !size.TryGetInt64(out var number)) return false;
            if (number is < 0 or > Limits.MaxSafeInteger || !Has(item, "bundle", JsonValueKind.Object, out var bundle)) return false;
            anchors.Add(new ListedAnchor(number, JsonMarshal.GetRawUtf8Value(bundle).ToArray()));
        }

        page = new AnchorPage(anchors, next.GetString());
        return true;
    }

    private static bool Has(JsonElement parent, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        return parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out value) && value.ValueKind == kind;
    }
}
