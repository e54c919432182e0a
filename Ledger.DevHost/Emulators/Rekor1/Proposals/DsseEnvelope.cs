using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Go;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>
/// A DSSE envelope, read as leniently as the real server reads it.
/// <code>{"payloadType":"application/vnd.in-toto+json","payload":"aGVsbG8=","signatures":[{"keyid":"","sig":"1kzDpwfG…"}]}</code>
/// </summary>
/// <param name="Payload">Decoded; null where it is no base64.</param>
/// <param name="Signatures">As they are written.</param>
internal sealed record DsseEnvelope(string PayloadType, byte[]? Payload, IReadOnlyList<string> Signatures)
{
    /// <exception cref="Refused">Not JSON, or not an object.</exception>
    public static DsseEnvelope Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            var root = json.RootElement;
            if (root.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
                throw new Refused($"json: cannot unmarshal {GoJson.KindOf(root.ValueKind)} into Go value of type dsse.Envelope");
            return new DsseEnvelope(Field.Text(root, "payloadType") ?? "", Decode(Field.Text(root, "payload") ?? ""),
                [.. Field.Items(root, "signatures").Select(s => Field.Text(s, "sig") ?? "")]);
        }
        catch (JsonException)
        {
            throw new Refused(GoSyntaxError.Of(Encoding.UTF8.GetBytes(text), "unexpected end of JSON input"));
        }
    }

    /// <summary>Standard base64, else the one for URLs; null: neither.</summary>
    public static byte[]? Decode(string text) =>
        GoBase64.TryDecode(Encoding.UTF8.GetBytes(text), out var bytes, out _)
        || GoBase64.TryDecode(Encoding.UTF8.GetBytes(text.Replace('-', '+').Replace('_', '/')), out bytes, out _)
            ? bytes
            : null;
}
