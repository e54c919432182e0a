using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.Go;
using Ledger.DevHost.Emulators.Rekor1.Answers;

namespace Ledger.DevHost.Emulators.Rekor1.Proposals;

/// <summary>
/// An entry as it is submitted, and the checks that come before its kind's own.
/// <code>{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{…}}</code>
/// </summary>
internal sealed partial record Proposal(string Kind, string Version, JsonElement Spec)
{
    private const string Semantic =
        @"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)"
        + @"(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$";

    private static readonly string[] Kinds =
        ["alpine", "cose", "dsse", "hashedrekord", "helm", "intoto", "jar", "rekord", "rfc3161", "rpm", "tuf"];

    /// <summary>The proposal, or the answer that it deserves.</summary>
    public static (Proposal? Proposal, Rekor1Answer? Refusal) Read(byte[] body)
    {
        if (GoJson.IsBlank(body))
            return (null, Rekor1Answer.Invalid(602, "proposedEntry in body is required"));
        if (!GoJson.TryParseFirst(body, out var json, out var error))
            return (null, Rekor1Answer.Refusal(500, error));
        return Read(json);
    }

    /// <summary>The same of a value that was parsed.</summary>
    public static (Proposal? Proposal, Rekor1Answer? Refusal) Read(JsonElement json)
    {
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            return (null, Rekor1Answer.Refusal(500, $"json: cannot unmarshal {GoJson.KindOf(json.ValueKind)} into Go value of type "
                + """struct { Kind string "json:\"kind\"" }"""));
        if (!TryText(json, "kind", out var kind, out var refusal))
            return (null, refusal);
        if (kind.Length == 0)
            return (null, Rekor1Answer.Invalid(602, "kind in body is required"));
        if (!Kinds.Contains(kind))
            return (null, Rekor1Answer.Refusal(422, $"invalid kind value: \"{kind}\""));
        if (!TryText(json, "apiVersion", out var version, out refusal))
            return (null, refusal);
        if (!json.TryGetProperty("apiVersion", out var given) || given.ValueKind == JsonValueKind.Null)
            return (null, Rekor1Answer.Invalid(602, "apiVersion in body is required"));
        if (!SemanticVersion().IsMatch(version))
            return (null, Rekor1Answer.Invalid(605, $"apiVersion in body should match '{Semantic}'"));
        if (!json.TryGetProperty("spec", out var spec) || spec.ValueKind == JsonValueKind.Null)
            return (null, Rekor1Answer.Invalid(602, "spec in body is required"));
        return (new Proposal(kind, version, spec), null);
    }

    /// <exception cref="Refused">Of an unknown version or a wrong shape, or a signature does not verify.</exception>
    public CanonicalEntry Canonicalize()
    {
        Func<JsonElement, CanonicalEntry> read = Kind switch
        {
            "hashedrekord" => HashedRekord.Read,
            "dsse" => Dsse.Read,
            "rekord" => Rekord.Read,
            _ => throw new Refused($"could not unmarshal entry for kind '{Kind}': this emulator knows hashedrekord, dsse and rekord"),
        };
        if (Version != "0.0.1")
            throw new Refused($"{Kind} implementation for version '{Version}' not found: unable to locate entry for version {Version}");
        return Spec.ValueKind == JsonValueKind.Object
            ? read(Spec)
            : throw new Refused($"unsupported input type {GoTypeOf(Spec.ValueKind)} for DecodeEntry");
    }

    private static bool TryText(JsonElement json, string name, out string text, out Rekor1Answer? refusal)
    {
        (text, refusal) = ("", null);
        if (json.ValueKind == JsonValueKind.Null || !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;
        if (value.ValueKind != JsonValueKind.String)
        {
            refusal = Rekor1Answer.Refusal(500,
                $"json: cannot unmarshal {GoJson.KindOf(value.ValueKind)} into Go struct field .{name} of type string");
            return false;
        }
        text = value.GetString()!;
        return true;
    }

    private static string GoTypeOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "[]interface {}",
        JsonValueKind.Number => "json.Number",
        JsonValueKind.String => "string",
        _ => "bool",
    };

    [GeneratedRegex(Semantic)]
    private static partial Regex SemanticVersion();
}
