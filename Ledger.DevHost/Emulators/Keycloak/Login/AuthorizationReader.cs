using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.DevHost.Emulators.Keycloak.Tokens;

namespace Ledger.DevHost.Emulators.Keycloak.Login;

/// <summary>
/// Reads authorization requests (recordings 233–248, 291–292). What is wrong with the client or where it wants the answer is an error page;
/// all else goes back to it as an error.
/// </summary>
internal sealed partial class AuthorizationReader(Realm realm, FormFields query, string issuer)
{
    public AuthorizationRequest Read()
    {
        var client = ClientOf();
        if (query["request"] is not null)
            throw Page(400, "Invalid Request");
        var redirectUri = query.Text("redirect_uri");
        if (redirectUri is null || !RedirectUris.Allow(client.RedirectUris, client.RootUrl, redirectUri))
            throw Page(400, "Invalid parameter: redirect_uri");
        var type = query.Text("response_type");
        var known = type is "none" or "id_token" or "token" or "id_token token" or "code id_token" or "code token" or "code id_token token";
        var mode = query.Text("response_mode") is { } asked and ("fragment" or "form_post" or "query")
            ? asked
            : known ? "fragment" : "query";
        AuthorizationRefusal Back(string error, string? text) => new(AuthorizationRequest.Answer(redirectUri, mode,
            new (string Name, string? Value)[]
                { ("error", error), ("error_description", text), ("state", query["state"]), ("iss", issuer) }
                .Where(p => p.Value is not null).Select(p => (p.Name, p.Value!))));

        if (type is null)
            throw Back("invalid_request", "Missing parameter: response_type");
        if (type != "code" && !known)
            throw Back("unsupported_response_type", null);
        if (query.HasDuplicates)
            throw Back("invalid_request", "duplicated parameter");
        if (known || !client.StandardFlowEnabled)
            throw Back("unauthorized_client", "Client is not allowed to initiate browser login with given response_type. "
                + $"{(known ? "Implicit" : "Standard")} flow is disabled for the client.");
        CheckLevels();
        if (GrantedScopes.Of(realm, client, query["scope"]) is not { } scopes)
            throw Back("invalid_scope", $"Invalid scopes: {query["scope"]}");
        if (FaultOfChallenge(client) is { } fault)
            throw Back("invalid_request", fault);
        var prompts = query["prompt"]?.Split(' ') ?? [];
        return new AuthorizationRequest
        {
            Client = client, RedirectUri = redirectUri, ResponseMode = mode, Scopes = scopes,
            State = query["state"], Nonce = query["nonce"],
            Challenge = query.Text("code_challenge"), ChallengeHashed = query["code_challenge_method"] == "S256",
            LoginHint = query.Text("login_hint"), Silent = prompts.Contains("none"), AskAgain = prompts.Contains("login"),
            MaxAge = AuthorizationRequest.Number(query.Text("max_age")), Level = LevelOf(),
        };
    }

    private RealmClient ClientOf()
    {
        if (query.Text("client_id") is not { } id)
            throw Page(400, "Invalid Request");
        if (!realm.Clients.TryGetValue(id, out var client))
            throw Page(400, "Client not found.");
        if (!client.Enabled)
            throw Page(400, "Client disabled.");
        return client.BearerOnly ? throw Page(403, "Bearer-only applications are not allowed to initiate browser login") : client;
    }

    private AuthorizationRefusal Page(int status, string text) => new(LoginPages.Error(realm, status, text));

    // RFC 7636; a client may demand one method by its attribute.
    private string? FaultOfChallenge(RealmClient client)
    {
        var (method, challenge) = (query.Text("code_challenge_method"), query.Text("code_challenge"));
        var demanded = client.Attributes.GetValueOrDefault("pkce.code.challenge.method") is { Length: > 0 } text ? text : null;
        if (demanded is not null && method is null)
            return "Missing parameter: code_challenge_method";
        if (demanded is not null && method != demanded)
            return "Invalid parameter: code challenge method is not matching the configured one";
        if (method is not (null or "S256" or "plain"))
            return "Invalid parameter: invalid code_challenge_method";
        if ((demanded ?? method) is not null && challenge is null)
            return "Missing parameter: code_challenge";
        return challenge is null || Challenge().IsMatch(challenge) ? null : "Invalid parameter: code_challenge";
    }

    private int? LevelOf()
        => query["acr_values"]?.Split(' ').Select(name => AcrNames.LevelOf(realm, name)).FirstOrDefault(level => level is not null);

    // {"id_token":{"acr":{"essential":true,"values":["otp"]}}}: unlike acr_values, a name that is unknown is refused.
    private void CheckLevels()
    {
        if (query.Text("claims") is not { } text)
            return;
        try
        {
            var acr = JsonNode.Parse(text)?["id_token"]?["acr"];
            if ((bool?)acr?["essential"] is true
                && acr["values"]?.AsArray().All(v => AcrNames.LevelOf(realm, v!.ToString()) is null) is true)
                throw Page(400, "Invalid parameter: claims");
        }
        catch (JsonException)
        {
            throw Page(400, "Invalid parameter: claims");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._~-]{43,128}$")]
    private static partial Regex Challenge();
}
