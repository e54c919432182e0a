using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Access and id tokens with Keycloak's claims, in Keycloak's order.</summary>
internal static class AccessToken
{
    private static readonly string[] AccountRoles = ["manage-account", "manage-account-links", "view-profile"];

    /// <summary>The access token of a client's service account.</summary>
    public static string OfService(BuiltInRealm realm, ServiceClient client, string issuer, string scope, DateTimeOffset now, TimeSpan lifetime)
    {
        string[] audience = client.FullScope
            ? ["ledger-api", .. client.ManagementRoles.Count > 0 ? ["realm-management"] : Array.Empty<string>(), "account"]
            : ["ledger-api"];
        return Signed(realm, json =>
        {
            WriteTimes(json, now, lifetime, "trrtcc:", issuer);
            WriteAudience(json, audience);
            json.WriteString("sub", realm.SubjectOf(client.Id));
            json.WriteString("typ", "Bearer");
            json.WriteString("azp", client.Id);
            json.WriteString("acr", "1");
            WriteRealmRoles(json, client.FullScope
                ? [.. client.Roles, "offline_access", "uma_authorization", $"default-roles-{realm.Name}"]
                : client.Roles);
            if (client.FullScope)
                WriteClientRoles(json, client);
            json.WriteString("scope", scope);
            WriteAccount(json, $"service-account-{client.Id}", client.Tenant);
        });
    }

    /// <summary>The id token beside it, where scope <c>openid</c> was asked for.</summary>
    public static string IdOfService(
        BuiltInRealm realm, ServiceClient client, string issuer, string accessToken, DateTimeOffset now, TimeSpan life) => Signed(realm, json =>
    {
        WriteTimes(json, now, life, "", issuer);
        json.WriteString("aud", client.Id);
        json.WriteString("sub", realm.SubjectOf(client.Id));
        json.WriteString("typ", "ID");
        json.WriteString("azp", client.Id);
        json.WriteString("at_hash", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16)));
        json.WriteString("acr", "1");
        WriteAccount(json, $"service-account-{client.Id}", client.Tenant);
    });

    /// <summary>A token made beside the token endpoint.</summary>
    public static string Minted(BuiltInRealm realm, TokenRequest request, string issuer, DateTimeOffset now) => Signed(realm, json =>
    {
        WriteTimes(json, now, request.Lifetime, "trrtcc:", issuer);
        json.WriteString("aud", "ledger-api");
        json.WriteString("sub", request.Subject);
        json.WriteString("typ", "Bearer");
        json.WriteString("azp", request.Azp);
        if (request.AuthTime is { } signedIn)
            json.WriteNumber("auth_time", signedIn.ToUnixTimeSeconds());
        json.WriteString("acr", "1");
        WriteRealmRoles(json, request.Roles);
        json.WriteString("scope", "profile email");
        WriteAccount(json, $"service-account-{request.Azp}", request.Tenant);
    });

    private static string Signed(BuiltInRealm realm, Action<Utf8JsonWriter> claims)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            claims(json);
            json.WriteEndObject();
        }
        return realm.SigningKey.Sign(buffer.WrittenSpan.ToArray());
    }

    private static void WriteTimes(Utf8JsonWriter json, DateTimeOffset now, TimeSpan lifetime, string idPrefix, string issuer)
    {
        json.WriteNumber("exp", (now + lifetime).ToUnixTimeSeconds());
        json.WriteNumber("iat", now.ToUnixTimeSeconds());
        json.WriteString("jti", idPrefix + new Guid(RandomNumberGenerator.GetBytes(16)));
        json.WriteString("iss", issuer);
    }

    // One is a string, several are a list.
    private static void WriteAudience(Utf8JsonWriter json, string[] audience)
    {
        if (audience is [var single])
        {
            json.WriteString("aud", single);
            return;
        }
        WriteTexts(json, "aud", audience);
    }

    private static void WriteRealmRoles(Utf8JsonWriter json, IReadOnlyList<string> roles)
    {
        json.WriteStartObject("realm_access");
        WriteTexts(json, "roles", roles);
        json.WriteEndObject();
    }

    private static void WriteClientRoles(Utf8JsonWriter json, ServiceClient client)
    {
        json.WriteStartObject("resource_access");
        if (client.ManagementRoles.Count > 0)
        {
            json.WriteStartObject("realm-management");
            WriteTexts(json, "roles", client.ManagementRoles);
            json.WriteEndObject();
        }
        json.WriteStartObject("account");
        WriteTexts(json, "roles", AccountRoles);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAccount(Utf8JsonWriter json, string name, string? tenant)
    {
        if (tenant is not null)
            json.WriteString("tenant", tenant);
        json.WriteBoolean("email_verified", false);
        json.WriteString("preferred_username", name);
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
