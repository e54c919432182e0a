using System.Globalization;

namespace Ledger.DevHost.Emulators.Vault.Requests;

/// <summary>Texts that Go's strconv takes for integers and booleans; an empty text is zero, as in Vault's weak decoding.</summary>
internal static class GoNumber
{
    public static bool TryInteger(string text, out long value)
    {
        value = 0;
        return text.Length == 0 || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    public static bool TryFlag(string text, out bool value)
    {
        value = text is "1" or "t" or "T" or "true" or "TRUE" or "True";
        return value || text is "" or "0" or "f" or "F" or "false" or "FALSE" or "False";
    }
}
