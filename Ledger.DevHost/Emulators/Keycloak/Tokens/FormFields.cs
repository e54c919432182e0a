using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Ledger.DevHost.Emulators.Keycloak.Tokens;

/// <summary>Parameters of a form or a query; anything but a form counts as an empty one (recording 41).</summary>
internal sealed class FormFields(IReadOnlyDictionary<string, string[]> values)
{
    /// <summary>Null: not there; "" is there, but empty.</summary>
    public string? this[string name] => values.TryGetValue(name, out var given) ? given[0] : null;

    /// <summary>Whether a parameter was given twice, which OAuth 2.0 forbids.</summary>
    public bool HasDuplicates => values.Values.Any(v => v.Length > 1);

    /// <summary>The text of a parameter; null where it is missing or empty.</summary>
    public string? Text(string name) => this[name] is { Length: > 0 } text ? text : null;

    public static async Task<FormFields> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return new FormFields(new Dictionary<string, string[]>());
        using var reader = new FormReader(context.Request.Body, Encoding.UTF8);
        var form = await reader.ReadFormAsync(context.RequestAborted).ConfigureAwait(false);
        return new FormFields(form.ToDictionary(f => f.Key, f => f.Value.Select(v => v ?? "").ToArray(), StringComparer.Ordinal));
    }

    public static FormFields OfQuery(HttpRequest request) => new FormFields(
        request.Query.ToDictionary(q => q.Key, q => q.Value.Select(v => v ?? "").ToArray(), StringComparer.Ordinal));
}
