using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>A proposal that was accepted: what is logged, and the keys it is found by.</summary>
internal sealed record CanonicalEntry(byte[] Body, IReadOnlyList<string> Keys)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>RFC 8785, for members that are given in its order and hold hex, base64 and words alone.</summary>
    public static CanonicalEntry Of(string kind, JsonObject spec, IEnumerable<string> keys)
    {
        var body = new JsonObject { ["apiVersion"] = "0.0.1", ["kind"] = kind, ["spec"] = spec };
        return new CanonicalEntry(JsonSerializer.SerializeToUtf8Bytes(body, Plain), [.. keys]);
    }

    public static JsonObject Hash(string algorithm, string value) => new() { ["algorithm"] = algorithm, ["value"] = value };
}

/// <summary>Why a proposal is not logged, in Rekor's words.</summary>
internal sealed class Refused(string message) : Exception(message)
{
    /// <summary>Several faults of shape, each on a line of its own.</summary>
    public static Refused Shape(IEnumerable<string> faults) => new("validation failure list:\n" + string.Join('\n', faults));
}
