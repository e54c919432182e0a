using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;
using Ledger.DevHost.Emulators.Keycloak.Keys;

namespace Ledger.DevHost.Emulators.Keycloak.Admin.Settings;

/// <summary><c>keys</c>: which there are and which sign; <c>components/:id</c> with a key's <c>providerId</c> changes one.</summary>
internal static class KeysRoute
{
    public static AdminAnswer Handle(AdminRequest request)
    {
        if (request.Method != "GET")
            return AdminAnswer.NotAllowed;
        AdminCaller.Require(request.Caller.ViewRealm);
        var keys = request.Realm.Keys;
        return AdminAnswer.Ok(json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("active");
            json.WriteString("RSA-OAEP", keys.All.First(k => k.Algorithm == "RSA-OAEP").Kid);
            json.WriteString("HS512", keys.Refresh.Kid);
            json.WriteString("RS256", keys.Signing.Kid);
            json.WriteString("AES", AesOf(keys));
            json.WriteEndObject();
            json.WriteStartArray("keys");
            foreach (var key in keys.All)
                Write(json, key);
            WriteSecret(json, "HS512", keys.Refresh.Kid, keys.Refresh.ProviderId, "SIG");
            WriteSecret(json, "AES", AesOf(keys), AesOf(keys), "ENC");
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, RealmKey key)
    {
        json.WriteStartObject();
        json.WriteString("providerId", key.ProviderId);
        json.WriteNumber("providerPriority", key.Priority);
        json.WriteString("kid", key.Kid);
        json.WriteString("status", !key.Enabled ? "DISABLED" : key.Active ? "ACTIVE" : "PASSIVE");
        json.WriteString("type", "RSA");
        json.WriteString("algorithm", key.Algorithm);
        json.WriteBase64String("publicKey", key.PublicKey);
        json.WriteBase64String("certificate", key.Certificate);
        json.WriteString("use", key.Use.ToUpperInvariant());
        json.WriteNumber("validTo", key.ValidTo.ToUnixTimeMilliseconds());
        json.WriteEndObject();
    }

    private static void WriteSecret(Utf8JsonWriter json, string algorithm, string kid, string provider, string use)
    {
        json.WriteStartObject();
        json.WriteString("providerId", provider);
        json.WriteNumber("providerPriority", 100);
        json.WriteString("kid", kid);
        json.WriteString("status", "ACTIVE");
        json.WriteString("type", "OCT");
        json.WriteString("algorithm", algorithm);
        json.WriteString("use", use);
        json.WriteEndObject();
    }

    // Nothing here is encrypted: the real server's fourth key is shown, not had.
    private static string AesOf(RealmKeys keys) => new Guid(
        SHA256.HashData(Encoding.ASCII.GetBytes(keys.Refresh.ProviderId)).AsSpan(0, 16)).ToString();
}
