using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Settings;

/// <summary><c>identity-provider/instances</c>: what people's accounts can be linked with. Kept and shown; the emulator never
/// calls one.</summary>
internal static class ProvidersRoute
{
    private static readonly HashSet<string> Kinds =
        ["oidc", "keycloak-oidc", "saml", "google", "github", "gitlab", "microsoft", "facebook", "linkedin-openid-connect", "oauth2"];

    private static readonly string[] Types =
        ["USER_AUTHENTICATION", "CLIENT_ASSERTION", "TRUST_MATERIAL", "EXCHANGE_EXTERNAL_TOKEN", "JWT_AUTHORIZATION_GRANT"];

    private static readonly (string Field, string Name)[] Addresses =
    [
        ("authorizationUrl", "authorization_url"), ("tokenUrl", "token_url"), ("logoutUrl", "logout_url"), ("jwksUrl", "jwks_url"),
        ("userInfoUrl", "userinfo_url"),
    ];

    public static AdminAnswer Handle(AdminRequest request, string[] below)
    {
        switch (below, request.Method)
        {
            case ([], "GET"):
                AdminCaller.Require(request.Caller.ViewProviders);
                return AdminAnswer.List(request.Realm.IdentityProviders.Values, Write);
            case ([], "POST"):
                return Create(request);
            case ([var alias], "GET" or "DELETE"):
                if (!request.Realm.IdentityProviders.TryGetValue(alias, out var provider))
                    return AdminAnswer.Error(404, "HTTP 404 Not Found");
                return request.Method == "GET" ? Get(request, provider) : Delete(request, provider);
            default:
                return below is [] or [_] ? AdminAnswer.NotAllowed : AdminAnswer.NotFound;
        }
    }

    private static AdminAnswer Get(AdminRequest request, IdentityProvider provider)
    {
        AdminCaller.Require(request.Caller.ViewProviders);
        return AdminAnswer.Ok(json => Write(json, provider));
    }

    private static AdminAnswer Create(AdminRequest request)
    {
        var body = JsonBody.Object(request, "IdentityProviderRepresentation", fields: null);
        AdminCaller.Require(request.Caller.ManageProviders);
        var (alias, kind) = (body.Text("alias") ?? "", body.Text("providerId") ?? "");
        if (!Kinds.Contains(kind))
            return AdminAnswer.Message(400, $"Invalid identity provider id [{kind}]");
        if (request.Realm.IdentityProviders.ContainsKey(alias))
            return AdminAnswer.Message(409, $"Identity Provider {alias} already exists");
        var representation = JsonObject.Create(body)!;
        foreach (var (field, name) in Addresses)
        {
            if ((representation["config"] as JsonObject)?[field] is { } url && !Uri.IsWellFormedUriString(url.ToString(), UriKind.Absolute))
                return AdminAnswer.Message(400, $"The url [{name}] is malformed");
        }
        representation["internalId"] = NewId.Uuid();
        request.Realm.IdentityProviders.Add(alias, new IdentityProvider(alias, kind, representation));
        return AdminAnswer.Created($"{request.Address}/identity-provider/instances/{Uri.EscapeDataString(alias)}");
    }

    // Links with it go with it.
    private static AdminAnswer Delete(AdminRequest request, IdentityProvider provider)
    {
        AdminCaller.Require(request.Caller.ManageProviders);
        request.Realm.IdentityProviders.Remove(provider.Alias);
        foreach (var user in request.Realm.Users.Values)
            user.FederatedIdentities.RemoveAll(i => i.IdentityProvider == provider.Alias);
        return AdminAnswer.DoneUncached;
    }

    private static void Write(Utf8JsonWriter json, IdentityProvider provider)
    {
        var shown = (JsonObject)provider.Representation.DeepClone();
        if (shown["config"] is JsonObject config && config.ContainsKey("clientSecret"))
            config["clientSecret"] = "**********";
        shown["types"] = new JsonArray([.. Types.Select(t => (JsonNode)t)]);
        shown.WriteTo(json);
    }
}
