using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Emulators.Keycloak;

/// <summary>Names of levels of authentication: the realm's attribute <c>acr.loa.map</c>, e.g. <c>{"password":"1","otp":"2"}</c>.</summary>
internal static class AcrNames
{
    /// <summary>Claim <c>acr</c> of a level: its name, else its number.</summary>
    public static string Of(Realm realm, int level)
    {
        var number = level.ToString(CultureInfo.InvariantCulture);
        return Map(realm).FirstOrDefault(m => m.Value == number).Key ?? number;
    }

    /// <summary>The level of a value of <c>acr_values</c>; null: it is none, and is ignored (recording 291).</summary>
    public static int? LevelOf(Realm realm, string acr)
    {
        var number = Map(realm).FirstOrDefault(m => m.Key == acr).Value ?? acr;
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : null;
    }

    private static List<KeyValuePair<string, string>> Map(Realm realm)
    {
        try
        {
            var text = realm.Settings.Attributes.GetValueOrDefault("acr.loa.map") ?? "{}";
            return [.. new JsonObject { ["map"] = JsonNode.Parse(text) }.Map("map")];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
