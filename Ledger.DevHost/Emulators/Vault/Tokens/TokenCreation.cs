using System.Collections.Frozen;
using System.Text.Json;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Policies;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Tokens;

/// <summary><c>auth/token/create</c> and <c>auth/token/create-orphan</c>.</summary>
internal sealed class TokenCreation(TokenStore tokens, PolicyStore policies)
{
    /// <summary>768 h, the default of <c>max_lease_ttl</c>.</summary>
    public const long MaxTtl = 2_764_800;

    private const string CustomIdWarning = "Supplying a custom ID for the token uses the weaker SHA1 hashing instead of the more secure "
        + "SHA2-256 HMAC for token obfuscation. SHA1 hashed tokens on the wire leads to less secure lookups.";

    public static FrozenDictionary<string, FieldType> Declared { get; } = new Dictionary<string, FieldType>
    {
        ["policies"] = FieldType.List,
        ["ttl"] = FieldType.Any, // a bad duration has its own text here
        ["lease"] = FieldType.Any,
        ["explicit_max_ttl"] = FieldType.Any,
        ["period"] = FieldType.Any,
        ["renewable"] = FieldType.Flag,
        ["display_name"] = FieldType.Text,
        ["meta"] = FieldType.Any,
        ["metadata"] = FieldType.Any,
        ["num_uses"] = FieldType.Integer,
        ["no_parent"] = FieldType.Flag,
        ["no_default_policy"] = FieldType.Flag,
        ["type"] = FieldType.Text,
        ["id"] = FieldType.Text,
        ["entity_alias"] = FieldType.Text,
    }.ToFrozenDictionary();

    public Answer Create(VaultRequest request, bool orphan)
    {
        var (fields, parent) = (request.Fields, request.Token!);
        foreach (var name in new[] { "ttl", "explicit_max_ttl", "period" })
        {
            if (!GoDuration.TryParseSeconds(fields.Text(name), out _))
                return Answer.BadRequest($"time: invalid duration \"{fields.Text(name)}\"");
        }
        var type = fields.Text("type") is { Length: > 0 } asked ? asked : "service";
        if (type is not ("service" or "batch"))
            return Answer.BadRequest("invalid 'token_type' value");
        if (fields.Integer("num_uses") < 0)
            return Answer.BadRequest("number of uses cannot be negative");
        var batch = type == "batch";
        if (IdFault(fields.Text("id"), parent, batch) is { } fault)
            return Answer.BadRequest(fault);
        var named = PoliciesOf(fields, parent, out var refusal);
        if (refusal is not null)
            return refusal;
        var (period, explicitMax, asksTtl) = (fields.Seconds("period"), fields.Seconds("explicit_max_ttl"), fields.Seconds("ttl"));
        var root = named.Contains("root");
        var warnings = named.Where(p => p != "root" && !policies.Exists(p)).Select(p => $"Policy \"{p}\" does not exist").ToList();
        var ttl = period > 0 ? period : root && asksTtl == 0 ? 0 : Capped(asksTtl == 0 ? MaxTtl : asksTtl, explicitMax, warnings);
        if (fields.Text("id").Length > 0)
            warnings.Add(CustomIdWarning);
        var now = tokens.Now;
        var orphaned = orphan || fields.Flag("no_parent") || batch;
        var token = tokens.Add(new Token
        {
            Id = IdOf(fields, batch),
            Accessor = batch ? "" : TokenStore.RandomText(24),
            Policies = named,
            Meta = MetaOf(fields),
            DisplayName = fields.Text("display_name") is { Length: > 0 } display ? "token-" + display : "token",
            Path = orphan ? "auth/token/create-orphan" : "auth/token/create",
            Type = type,
            IssuedAt = now,
            CreationTtl = ttl,
            GrantedTtl = ttl,
            ExpiresAt = ttl > 0 ? now.AddSeconds(ttl) : null,
            ExplicitMaxTtl = explicitMax,
            Period = period,
            Uses = fields.Integer("num_uses"),
            Renewable = !batch && ttl > 0 && (!fields.Has("renewable") || fields.Flag("renewable")),
            Orphan = orphaned,
            Parent = orphaned || parent.IsRoot ? null : parent.Id,
        });
        return TokenAnswers.Granted(token, ttl, warnings);
    }

    private static string IdOf(Fields fields, bool batch) => batch ? "hvb." + TokenStore.RandomText(132)
        : fields.Text("id") is { Length: > 0 } chosen ? chosen
        : "hvs.CAES" + TokenStore.RandomText(87);

    // Not recorded: as Vault's source has it (vault/token_store.go). A batch token's id is passed over.
    private string? IdFault(string id, Token parent, bool batch) => id switch
    {
        "" => null,
        _ when !parent.IsRoot => "root or sudo privileges required to specify token id",
        _ when batch => null,
        _ when id.StartsWith("hvs.", StringComparison.Ordinal) => "custom token ID cannot have the 'hvs.' prefix",
        _ when id.StartsWith("s.", StringComparison.Ordinal) => "custom token ID cannot have the 's.' prefix",
        _ when id.Contains('.', StringComparison.Ordinal) => "custom token ID cannot have a '.' in the value",
        _ => tokens.Find(id) is null ? null : "cannot create a token with a duplicate ID",
    };

    /// <summary>A lifetime under the caps, with Vault's warning where it was cut.</summary>
    public static long Capped(long ttl, long explicitMax, List<string> warnings)
    {
        var max = explicitMax > 0 ? Math.Min(explicitMax, MaxTtl) : MaxTtl;
        if (ttl <= max)
            return ttl;
        if (ttl != MaxTtl) // the default is cut without a word
            warnings.Add($"TTL of \"{GoDuration.Format(ttl)}\" exceeded the effective max_ttl of \"{GoDuration.Format(max)}\"; "
                + "TTL value is capped accordingly");
        return max;
    }

    private static string[] PoliciesOf(Fields fields, Token parent, out Answer? refusal)
    {
        refusal = null;
        var named = fields.List("policies").Select(p => p.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        if (named.Count == 0)
            named = [.. parent.Policies];
        else if (!parent.IsRoot && named.Any(p => p != "default" && !parent.Policies.Contains(p)))
            refusal = Answer.BadRequest("child policies must be subset of parent");
        if (!named.Contains("root") && !fields.Flag("no_default_policy"))
            named.Add("default");
        return [.. named.Order(StringComparer.Ordinal)];
    }

    private static Dictionary<string, string>? MetaOf(Fields fields)
    {
        var raw = fields.Has("meta") ? fields.Raw("meta") : fields.Raw("metadata");
        if (raw.IsEmpty)
            return null;
        using var meta = JsonDocument.Parse(raw);
        return meta.RootElement.ValueKind != JsonValueKind.Object ? null : meta.RootElement.EnumerateObject()
            .ToDictionary(m => m.Name, m => m.Value.ValueKind == JsonValueKind.String ? m.Value.GetString()! : m.Value.GetRawText());
    }
}
