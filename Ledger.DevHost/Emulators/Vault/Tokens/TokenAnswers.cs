using System.Text.Json;
using Ledger.DevHost.Emulators.Vault.Answers;

namespace Ledger.DevHost.Emulators.Vault.Tokens;

/// <summary>The two ways in which a token is shown: <c>auth</c> when given or renewed, <c>data</c> when looked up.</summary>
internal static class TokenAnswers
{
    public static Answer Granted(Token token, long ttl, IReadOnlyList<string> warnings) => new(200)
    {
        MountType = "token",
        Warnings = warnings,
        Auth = json =>
        {
            json.WriteStartObject();
            json.WriteString("client_token", token.Id);
            json.WriteString("accessor", token.Accessor);
            WritePolicies(json, "policies", token);
            WritePolicies(json, "token_policies", token);
            WriteMeta(json, "metadata", token);
            json.WriteNumber("lease_duration", ttl);
            json.WriteBoolean("renewable", token.Renewable);
            json.WriteString("entity_id", "");
            json.WriteString("token_type", token.Type);
            json.WriteBoolean("orphan", token.Orphan);
            json.WriteNull("mfa_requirement");
            json.WriteNumber("num_uses", token.Uses);
            json.WriteEndObject();
        },
    };

    public static Answer Shown(Token token, DateTimeOffset now, bool withId) => Answer.Of("token", json =>
    {
        json.WriteStartObject();
        json.WriteString("accessor", token.Accessor);
        json.WriteNumber("creation_time", token.IssuedAt.ToUnixTimeSeconds());
        json.WriteNumber("creation_ttl", token.CreationTtl);
        json.WriteString("display_name", token.DisplayName);
        json.WriteString("entity_id", "");
        if (token.ExpiresAt is { } end)
            json.WriteString("expire_time", GoTime.Format(end));
        else
            json.WriteNull("expire_time");
        json.WriteNumber("explicit_max_ttl", token.ExplicitMaxTtl);
        json.WriteString("id", withId ? token.Id : "");
        json.WriteString("issue_time", GoTime.Format(token.IssuedAt));
        if (token.RenewedAt is { } renewed)
        {
            json.WriteString("last_renewal", GoTime.Format(renewed));
            json.WriteNumber("last_renewal_time", renewed.ToUnixTimeSeconds());
        }
        WriteMeta(json, "meta", token);
        json.WriteNumber("num_uses", token.Uses);
        json.WriteBoolean("orphan", token.Orphan);
        json.WriteString("path", token.Path);
        if (token.Period > 0)
            json.WriteNumber("period", token.Period);
        WritePolicies(json, "policies", token);
        json.WriteBoolean("renewable", token.Renewable);
        json.WriteNumber("ttl", token.TtlAt(now));
        json.WriteString("type", token.Type);
        json.WriteEndObject();
    });

    private static void WritePolicies(Utf8JsonWriter json, string name, Token token)
    {
        json.WriteStartArray(name);
        foreach (var policy in token.Policies)
            json.WriteStringValue(policy);
        json.WriteEndArray();
    }

    private static void WriteMeta(Utf8JsonWriter json, string name, Token token)
    {
        if (token.Meta is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        foreach (var (key, value) in token.Meta)
            json.WriteString(key, value);
        json.WriteEndObject();
    }
}
