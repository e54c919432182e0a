namespace Ledger.Core.Anchoring;

/// <summary>A setting that is PEM text, or the path of a file with it.</summary>
internal static class PemSetting
{
    private const int MostBytes = 256 * 1024;

    /// <param name="setting">What the configuration has.</param>
    /// <param name="pem">The text; empty on a failure.</param>
    /// <param name="fault">What is wrong, without the file's content.</param>
    public static bool TryRead(string setting, out string pem, out string fault)
    {
        (pem, fault) = (setting, "");
        if (setting.Contains("-----BEGIN ", StringComparison.Ordinal)) return true;
        pem = "";
        try
        {
            var file = new FileInfo(setting);
            fault = !file.Exists ? $"is neither PEM text nor a file that exists: {setting}"
                : file.Length > MostBytes ? $"is too big for a PEM file: {setting}"
                : "";
            if (fault.Length > 0) return false;
            pem = File.ReadAllText(setting);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            fault = $"cannot be read: {setting}";
            return false;
        }
    }
}
