using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Go;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>Members of a proposal as Rekor reads them: one of another type counts as not there.</summary>
internal static class Field
{
    public static JsonElement? Object(JsonElement? parent, string name) => Get(parent, name, JsonValueKind.Object);

    public static string? Text(JsonElement? parent, string name) => Get(parent, name, JsonValueKind.String)?.GetString();

    /// <summary>Of an array; none where it is not there.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement? parent, string name) =>
        Get(parent, name, JsonValueKind.Array) is { } list ? list.EnumerateArray() : [];

    /// <summary>Null where it is not there.</summary>
    /// <exception cref="Refused">It is no base64.</exception>
    public static byte[]? Bytes(JsonElement? parent, string name, string what) =>
        Text(parent, name) is { } text ? Bytes(text, what) : null;

    public static byte[] Bytes(string text, string what) => GoBase64.TryDecode(Encoding.UTF8.GetBytes(text), out var bytes, out var errorAt)
        ? bytes
        : throw new Refused($"failed parsing base64 data for {what}: {GoBase64.Error(errorAt)}");

    private static JsonElement? Get(JsonElement? parent, string name, JsonValueKind kind) =>
        parent is { ValueKind: JsonValueKind.Object } p && p.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
