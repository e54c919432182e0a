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

    private readonly TokenCreation creation = new(tokens, policies);

    public Answer Route(VaultRequest request, string path)
    {
        var self = request.Token!;
        var update = request.Operation == Operation.Update;
        var read = request.Operation == Operation.Read || update;
        return path switch
        {
            "create" => update ? Declaration.Check(request, TokenCreation.Declared, [], () => creation.Create(request, orphan: false)) : Answer.UnsupportedOperation,
            "create-orphan" => update ? Declaration.Check(request, TokenCreation.Declared, [], () => creation.Create(request, orphan: true)) : Answer.UnsupportedOperation,
            "lookup-self" => read ? TokenAnswers.Shown(self, tokens.Now, withId: true) : Answer.UnsupportedOperation,
            "lookup" => read ? Check(request, () => Lookup(request)) : Answer.UnsupportedOperation,
            "lookup-accessor" => update ? Check(request, () => LookupAccessor(request)) : Answer.UnsupportedOperation,
            "renew-self" => update ? Check(request, () => Renew(self, request)) : Answer.UnsupportedOperation,
            "renew" => update ? Check(request, () => RenewOther(request)) : Answer.UnsupportedOperation,
            "revoke-self" => update ? Revoke(self.Id, orphanChildren: false) : Answer.UnsupportedOperation,
            "revoke" => update ? Check(request, () => RevokeOther(request, orphanChildren: false)) : Answer.UnsupportedOperation,
            "revoke-orphan" => update ? Check(request, () => RevokeOther(request, orphanChildren: true)) : Answer.UnsupportedOperation,
            "revoke-accessor" => update ? Check(request, () => RevokeAccessor(request)) : Answer.UnsupportedOperation,
            "accessors" or "accessors/" => request.Operation == Operation.List ? Accessors() : Answer.UnsupportedOperation,
            _ => Answer.UnsupportedPath,
        };
    }

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
        var ttl = token.Period > 0 ? token.Period : TokenCreation.Capped(asked > 0 ? asked : token.GrantedTtl, token.ExplicitMaxTtl, warnings);
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
