using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Keycloak.Admin.Answers;

namespace Ledger.DevHost.Emulators.Keycloak.Admin;

/// <summary>Whose bearer token it is. All that is wrong with one has the same answer, without a challenge.</summary>
/// <param name="Realm">That issued it.</param>
/// <param name="User">Claim <c>sub</c>.</param>
/// <param name="Client">Claim <c>azp</c>.</param>
internal sealed record AdminToken(Realm Realm, RealmUser User, RealmClient Client)
{
    private static AdminRefusal Unauthorized => new(AdminAnswer.Error(401, "HTTP 401 Unauthorized"));

    /// <exception cref="AdminRefusal">There is none that is good.</exception>
    public static AdminToken Read(HttpContext context, IReadOnlyDictionary<string, Realm> realms, DateTimeOffset now)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            throw Unauthorized;
        var parts = header["Bearer ".Length..].Trim().Split('.');
        if (parts.Length != 3 || Json(parts[0]) is not { } head || Json(parts[1]) is not { } claims)
            throw Unauthorized;
        var issuer = claims.Text("iss") ?? "";
        var name = issuer[(issuer.LastIndexOf('/') + 1)..];
        if (!realms.TryGetValue(name, out var realm) || issuer != $"{context.Request.Scheme}://{context.Request.Host}/realms/{name}")
            throw Unauthorized;
        lock (realm.Gate)
        {
            if (!SignedBy(realm, head, parts) || Holder(realm, claims, now.ToUnixTimeSeconds()) is not { } token)
                throw Unauthorized;
            return token;
        }
    }

    private static bool SignedBy(Realm realm, JsonElement head, string[] parts)
        => head.Text("alg") == "RS256" && realm.Keys.Find(head.Text("kid") ?? "") is { } key && Decode(parts[2]) is { } signature
            && key.Verify(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature);

    private static AdminToken? Holder(Realm realm, JsonElement claims, long now)
    {
        if (claims.Text("typ") != "Bearer" || claims.Number("exp") <= now
            || realm.UserById(claims.Text("sub")) is not { Enabled: true } user
            || !realm.Clients.TryGetValue(claims.Text("azp") ?? "", out var client) || !client.Enabled)
        {
            return null;
        }
        var signedOut = claims.Text("sid") is { } session && realm.Sessions.Find(session)?.Clients.ContainsKey(client.ClientId) != true;
        return signedOut || claims.Number("iat") < Math.Max(realm.Settings.NotBefore, user.NotBefore)
            ? null
            : new AdminToken(realm, user, client);
    }

    private static JsonElement? Json(string part)
    {
        try
        {
            return Decode(part) is { } bytes && JsonDocument.Parse(bytes).RootElement is { ValueKind: JsonValueKind.Object } json ? json : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
