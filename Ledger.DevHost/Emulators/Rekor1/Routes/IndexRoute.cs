using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.Go;
using Ledger.DevHost.Emulators.Rekor1.Answers;
using Ledger.DevHost.Emulators.Rekor1.Log;
using Ledger.DevHost.Emulators.Rekor1.Proposals;

namespace Ledger.DevHost.Emulators.Rekor1.Routes;

/// <summary>
/// <c>POST /index/retrieve</c>: ids of the entries that are found by a hash, a key, an address.
/// <code>{"hash":"sha256:hex","publicKey":{"format":"x509","content":base64 of PEM},"email":…,"operator":"and|or"}</code>
/// </summary>
internal sealed partial class IndexRoute(Rekor1Log log)
{
    private const string Unreadable = "parsing query body from \"\" failed, because ";

    private static readonly (string Name, string GoType)[] Texts =
        [("hash", "Go struct field SearchIndex.hash of type string"), ("email", "Go value of type string")];

    public Rekor1Answer Search(Rekor1Request request)
    {
        if (GoJson.IsBlank(request.Body))
            return Rekor1Answer.Invalid(602, "query in body is required");
        if (!GoJson.TryParseFirst(request.Body, out var json, out var error))
            return Rekor1Answer.Refusal(400, Unreadable + error);
        if (json.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            return Rekor1Answer.Refusal(400,
                $"{Unreadable}json: cannot unmarshal {GoJson.KindOf(json.ValueKind)} into Go value of type models.SearchIndex");
        var (hash, email, operation) = (Text(json, "hash"), Text(json, "email"), Text(json, "operator"));
        var key = Field.Object(json, "publicKey");
        if (Invalid(json, hash, email, operation, key) is { } refusal)
            return refusal;
        var found = new List<IEnumerable<string>>();
        if (hash.Length > 0)
            found.Add(log.Search(WithAlgorithm(hash)));
        if (key is not null)
        {
            if (KeyHash(key) is not { } keyHash)
                return Rekor1Answer.Error(400, "public key provided could not be parsed");
            found.Add(log.Search(keyHash));
        }
        if (email.Length > 0)
            found.Add(log.Search(email.ToLowerInvariant()));
        var ids = found.Count == 0 ? [] : found.Aggregate((a, b) => operation == "and" ? a.Intersect(b) : a.Union(b));
        return Rekor1Answer.Json(200, w =>
        {
            w.WriteStartArray();
            foreach (var id in ids)
                w.WriteStringValue(id);
            w.WriteEndArray();
        });
    }

    private static Rekor1Answer? Invalid(JsonElement json, string hash, string email, string operation, JsonElement? key)
    {
        foreach (var (name, type) in Texts)
        {
            if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value)
                && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                return Rekor1Answer.Refusal(400, $"{Unreadable}json: cannot unmarshal {GoJson.KindOf(value.ValueKind)} into {type}");
        }
        var content = Field.Text(key, "content") ?? "";
        if (!GoBase64.TryDecode(Encoding.UTF8.GetBytes(content), out _, out var errorAt))
            return Rekor1Answer.Refusal(400, Unreadable + GoBase64.Error(errorAt));
        if (email.Length > 0 && !email.Contains('@', StringComparison.Ordinal))
            return Rekor1Answer.Invalid(601, $"email in body must be of type email: \"{email}\"");
        if (hash.Length > 0 && !HashText().IsMatch(hash))
            return Rekor1Answer.Invalid(605, $"hash in body should match '{HashText()}'");
        if (operation is not ("" or "and" or "or"))
            return Rekor1Answer.Invalid(606, "operator in body should be one of [and or]");
        if (key is null)
            return null;
        return Field.Text(key, "format") switch
        {
            null or "" => Rekor1Answer.Invalid(602, "publicKey.publicKey.format in body is required"),
            "pgp" or "x509" or "minisign" or "ssh" or "tuf" => null,
            _ => Rekor1Answer.Invalid(606, "publicKey.publicKey.format in body should be one of [pgp x509 minisign ssh tuf]"),
        };
    }

    private static string? KeyHash(JsonElement? key)
    {
        try
        {
            return Field.Text(key, "format") == "x509" ? Verifier.Parse(Field.Bytes(key, "content", "key") ?? []).Hash : null;
        }
        catch (Refused)
        {
            return null;
        }
    }

    private static string WithAlgorithm(string hash)
    {
        var lower = hash.ToLowerInvariant();
        return lower.Contains(':', StringComparison.Ordinal) ? lower : lower.Length switch
        {
            40 => "sha1:" + lower,
            64 => "sha256:" + lower,
            _ => "sha512:" + lower,
        };
    }

    private static string Text(JsonElement json, string name) => Field.Text(json, name) ?? "";

    [GeneratedRegex("^(sha512:)?[0-9a-fA-F]{128}$|^(sha256:)?[0-9a-fA-F]{64}$|^(sha1:)?[0-9a-fA-F]{40}$")]
    private static partial Regex HashText();
}
