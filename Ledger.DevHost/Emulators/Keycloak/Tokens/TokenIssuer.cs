using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>Makes access, refresh and id tokens with Keycloak's claims in Keycloak's order (recordings 22, 26, 47, 69, 82, 211).</summary>
internal sealed class TokenIssuer(TokenGrant grant, string issuer, DateTimeOffset now)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TokenRoles roles = TokenRoles.Of(grant.User, grant.Client, grant.Scopes);
    private readonly long seconds = now.ToUnixTimeSeconds();

    /// <summary>The answer of the token endpoint.</summary>
    public void WriteAnswer(Utf8JsonWriter json)
    {
        var (settings, offline) = (grant.Realm.Settings, grant.Scopes.Offline);
        var left = grant.Session is null || offline
            ? long.MaxValue
            : Math.Max(0, grant.Session.Started + settings.SsoSessionMaxLifespan - seconds);
        var life = Math.Min(LifespanOf(grant.Client, settings.AccessTokenLifespan), left);
        var refreshLife = Math.Min(settings.SsoSessionIdleTimeout, left);
        var access = Access(life);
        json.WriteStartObject();
        json.WriteString("access_token", access);
        json.WriteNumber("expires_in", life);
        json.WriteNumber("refresh_expires_in", grant.Session is null || offline ? 0 : refreshLife);
        if (grant.Session is not null)
            json.WriteString("refresh_token", Refresh(offline ? null : refreshLife));
        json.WriteString("token_type", "Bearer");
        if (grant.Scopes.OpenId)
            json.WriteString("id_token", Id(access, life));
        json.WriteNumber("not-before-policy", grant.Realm.Settings.NotBefore);
        if (grant.Session is not null)
            json.WriteString("session_state", grant.Session.Id);
        json.WriteString("scope", grant.Scopes.InAccessToken);
        json.WriteEndObject();
    }

    /// <summary>JSON written without escapes that are not needed.</summary>
    public static byte[] Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private string Access(long life) => grant.Realm.Keys.Signing.Sign(Json(json =>
    {
        var prefix = grant.Session is null ? "tr" : grant.Scopes.Offline ? "of" : "on";
        WriteTimes(json, life, $"{prefix}rt{grant.Kind}:", signedIn: true);
        if (roles.Audience is [var single])
            json.WriteString("aud", single);
        else if (roles.Audience.Count > 0)
            ProfileClaims.WriteTexts(json, "aud", roles.Audience);
        WriteSubject(json, "Bearer");
        WriteSession(json);
        if (grant.Scopes.Has("acr"))
            json.WriteString("acr", grant.Acr);
        if (grant.Scopes.Has("web-origins") && grant.Client.WebOrigins.Count > 0)
            ProfileClaims.WriteTexts(json, "allowed-origins", grant.Client.WebOrigins);
        WriteRoles(json);
        json.WriteString("scope", grant.Scopes.InAccessToken);
        ProfileClaims.Write(json, grant.User, grant.Client, grant.Scopes, "access.token.claim", roles.Realm);
    }));

    private string Id(string access, long life) => grant.Realm.Keys.Signing.Sign(Json(json =>
    {
        WriteTimes(json, life, "", signedIn: true);
        json.WriteString("aud", grant.Client.ClientId);
        WriteSubject(json, "ID");
        if (grant.Nonce is not null)
            json.WriteString("nonce", grant.Nonce);
        WriteSession(json);
        json.WriteString("at_hash", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(access)).AsSpan(0, 16)));
        if (grant.Scopes.Has("acr"))
            json.WriteString("acr", grant.Acr);
        ProfileClaims.Write(json, grant.User, grant.Client, grant.Scopes, "id.token.claim", roles.Realm);
    }));

    private string Refresh(long? life) => grant.Realm.Keys.Refresh.Sign(Json(json =>
    {
        WriteTimes(json, life, "", signedIn: false);
        json.WriteString("aud", issuer);
        json.WriteString("sub", grant.User.Id);
        json.WriteString("typ", grant.Scopes.Offline ? "Offline" : "Refresh");
        json.WriteString("azp", grant.Client.ClientId);
        WriteSession(json);
        json.WriteString("scope", grant.Scopes.InRefreshToken);
        if (roles.Audience is [var single])
            json.WriteString("aud_x", single);
        else if (roles.Audience.Count > 0)
            ProfileClaims.WriteTexts(json, "aud_x", roles.Audience);
        json.WriteString("prov", "default");
        json.WriteString("reuse_id", grant.ReuseId ?? NewId.Uuid());
    }));

    private void WriteTimes(Utf8JsonWriter json, long? life, string idPrefix, bool signedIn)
    {
        if (life is not null)
            json.WriteNumber("exp", seconds + life.Value);
        json.WriteNumber("iat", seconds);
        if (signedIn && grant.Session?.AuthTime is { } at && grant.Scopes.Has("basic"))
            json.WriteNumber("auth_time", at);
        json.WriteString("jti", idPrefix + NewId.Uuid());
        json.WriteString("iss", issuer);
    }

    private void WriteSubject(Utf8JsonWriter json, string type)
    {
        if (type == "ID" || grant.Scopes.Has("basic"))
            json.WriteString("sub", grant.User.Id);
        json.WriteString("typ", type);
        json.WriteString("azp", grant.Client.ClientId);
    }

    private void WriteSession(Utf8JsonWriter json)
    {
        if (grant.Session is not null)
            json.WriteString("sid", grant.Session.Id);
    }

    private void WriteRoles(Utf8JsonWriter json)
    {
        if (roles.Realm.Count > 0)
        {
            json.WriteStartObject("realm_access");
            ProfileClaims.WriteTexts(json, "roles", roles.Realm);
            json.WriteEndObject();
        }
        if (roles.Clients.Count == 0)
            return;
        json.WriteStartObject("resource_access");
        foreach (var (client, names) in roles.Clients)
        {
            json.WriteStartObject(client);
            ProfileClaims.WriteTexts(json, "roles", names);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    // A client may have its own (recording 95).
    private static long LifespanOf(RealmClient client, long ofRealm)
    {
        var text = client.Attributes.GetValueOrDefault("access.token.lifespan");
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var own) ? own : ofRealm;
    }
}
