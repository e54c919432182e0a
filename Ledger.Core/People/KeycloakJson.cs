using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ledger.Core.Jobs;

namespace Ledger.Core.People;

/// <summary>Reads answers by name and type: what could be read in two ways is refused, a member that we do not know is passed
/// over.</summary>
internal static class KeycloakJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <exception cref="KeycloakException">Network: not JSON, so not Keycloak's. Config: another shape than ours.</exception>
    public static T Read<T>(byte[] answer, string what, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(answer, Strict);
            return read(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new KeycloakException(JobErrorClass.Network, $"{what}: the answer is not JSON", inner: e);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new KeycloakException(JobErrorClass.Config, $"{what}: the answer has another shape than Keycloak's", inner: e);
        }
    }

    /// <summary>A string that must be there and not empty.</summary>
    public static string Text(this JsonElement from, string name) =>
        from.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new FormatException($"{name} is empty");

    /// <summary>Null where it is missing or null.</summary>
    public static string? TextOrNull(this JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;

    /// <summary>False where it is missing.</summary>
    public static bool Flag(this JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && value.GetBoolean();

    /// <summary>An id as it may stand in a path.</summary>
    public static string PathId(this JsonElement from, string name) =>
        from.Text(name) is var id && IsId(id) ? id : throw new FormatException("an id that is none of Keycloak's");

    public static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= 64 } && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
