using System.Collections.Frozen;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Policies;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Tokens;

/// <summary>The paths below <c>auth/token/</c>.</summary>
internal sealed class TokenRoutes(TokenStore tokens, PolicyStore policies)
{
    private static readonly FrozenDictionary<string, FieldType> Named = new Dictionary<string, FieldType>
    {
        ["token"] = FieldType.Text,
        ["accessor"] = FieldType.Text,
        ["increment"] = FieldType.Seconds,
    }.ToFrozenDictionary();

    private static readonly HashSet<string> Paths =
    [
        "create", "create-orphan", "lookup", "lookup-self", "lookup-accessor", "renew", "renew-self",
        "revoke", "revoke-self", "revoke-orphan", "revoke-accessor", "accessors", "accessors/",
    ];

    private readonly TokenCreation creation = new(tokens, policies);

    public Answer Route(VaultRequest request, string path)
    {
        var self = request.Token!;
        return (path, request.Operation) switch
        {
            ("lookup-self", Operation.Read or Operation.Update) => TokenAnswers.Shown(self, tokens.Now, withId: true),
            ("lookup", Operation.Read or Operation.Update) => Check(request, () => Lookup(request)),
            ("accessors" or "accessors/", Operation.List) => Accessors(),
            ("create", Operation.Update) => Create(request, orphan: false),
            ("create-orphan", Operation.Update) => Create(request, orphan: true),
            ("lookup-accessor", Operation.Update) => Check(request, () => LookupAccessor(request)),
            ("renew-self", Operation.Update) => Check(request, () => Renew(self, request)),
            ("renew", Operation.Update) => Check(request, () => RenewOther(request)),
            ("revoke-self", Operation.Update) => Revoke(self.Id, orphanChildren: false),
            ("revoke", Operation.Update) => Check(request, () => RevokeOther(request, orphanChildren: false)),
            ("revoke-orphan", Operation.Update) => Check(request, () => RevokeOther(request, orphanChildren: true)),
            ("revoke-accessor", Operation.Update) => Check(request, () => RevokeAccessor(request)),
            _ => Paths.Contains(path) ? Answer.UnsupportedOperation : Answer.UnsupportedPath,
        };
    }

    private Answer Create(VaultRequest request, bool orphan)
        => Declaration.Check(request, TokenCreation.Declared, [], () => creation.Create(request, orphan));

    private static Answer Check(VaultRequest request, Func<Answer> route) => Declaration.Check(request, Named, [], route);

    private Answer Lookup(VaultRequest request)
    {
        var id = request.Fields.Text("token");
        if (id.Length == 0)
            return TokenAnswers.Shown(request.Token!, tokens.Now, withId: true);
        return tokens.Find(id) is { } token ? TokenAnswers.Shown(token, tokens.Now, withId: true) : Answer.Error(403, "bad token");
    }

    private Answer LookupAccessor(VaultRequest request) => tokens.FindByAccessor(request.Fields.Text("accessor")) is { } token
        ? TokenAnswers.Shown(token, tokens.Now, withId: false)
        : Answer.Error(403, "1 error occurred:\n\t* invalid accessor\n\n");

    private Answer RenewOther(VaultRequest request) => tokens.Find(request.Fields.Text("token")) is { } token
        ? Renew(token, request)
        : Answer.BadRequest("token not found");

    private Answer Renew(Token token, VaultRequest request)
    {
        if (token.IsBatch)
            return Answer.BadRequest("batch tokens cannot be renewed");
        if (!token.Renewable)
            return Answer.BadRequest("lease is not renewable");
        var warnings = new List<string>();
        var asked = request.Fields.Seconds("increment");
        var now = tokens.Now;
        var ttl = token.Period > 0
            ? token.Period
            : TokenCreation.Capped(asked > 0 ? asked : token.GrantedTtl, token.ExplicitMaxTtl, warnings);
        var end = now.AddSeconds(ttl);
        var latest = token.IssuedAt.AddSeconds(token.ExplicitMaxTtl > 0 ? token.ExplicitMaxTtl : TokenCreation.MaxTtl);
        if (token.Period == 0 && end > latest)
            end = latest;
        var renewed = tokens.Add(token with { ExpiresAt = end, RenewedAt = now, GrantedTtl = ttl });
        return TokenAnswers.Granted(renewed, renewed.TtlAt(now), warnings);
    }

    private Answer Revoke(string id, bool orphanChildren)
    {
        tokens.Revoke(id, orphanChildren);
        return Answer.NoContent;
    }

    // A token that is not there is as good as revoked.
    private Answer RevokeOther(VaultRequest request, bool orphanChildren) => request.Fields.Text("token") is { Length: > 0 } id
        ? Revoke(id, orphanChildren)
        : Answer.BadRequest("missing token ID");

    private Answer RevokeAccessor(VaultRequest request) => tokens.FindByAccessor(request.Fields.Text("accessor")) is { } token
        ? Revoke(token.Id, orphanChildren: false)
        : Answer.Wrapped(400, "invalid accessor");

    private Answer Accessors() => Answer.Of("token", json =>
    {
        json.WriteStartObject();
        json.WriteStartArray("keys");
        foreach (var accessor in tokens.Accessors())
            json.WriteStringValue(accessor);
        json.WriteEndArray();
        json.WriteEndObject();
    });
}
