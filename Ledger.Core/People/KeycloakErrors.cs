using System.Text.Json;

namespace Ledger.Core.People;

/// <summary>What an error of Keycloak says, whichever of its three shapes it has.</summary>
/// <remarks>Raw: <c>{"error":"User not found"}</c>;
/// <c>{"field":"email","errorMessage":"error-invalid-email","params":["email","not-an-email"]}</c>;
/// <c>{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}</c>. The params repeat what was
/// sent, so they are left out.</remarks>
internal static class KeycloakErrors
{
    private const int MostCharacters = 200;

    public static string TextOf(byte[]? body)
    {
        if (body is null or { Length: 0 }) return "";
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return "";
            string?[] words = [Word(document.RootElement, "error"), Word(document.RootElement, "errorMessage"),
                Word(document.RootElement, "field"), Word(document.RootElement, "error_description")];
            var text = string.Join(' ', words.Where(word => word is not null)).ReplaceLineEndings(" ");
            return text.Length <= MostCharacters ? text : text[..MostCharacters];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return ""; // a proxy's page, or half an answer: the status says enough
        }
    }

    /// <summary>Whether a refusal (4xx) is Keycloak's own and not of something on the way to it: on the paths that we ask, each of
    /// Keycloak's says why.</summary>
    public static bool IsKeycloaks(byte[]? body) => TextOf(body).Length > 0;

    private static string? Word(JsonElement error, string name) =>
        error.TryGetProperty(name, out var word) && word.ValueKind == JsonValueKind.String ? word.GetString() : null;
}
