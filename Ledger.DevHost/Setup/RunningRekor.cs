using System.Security.Cryptography;
using System.Text.Json;
using Ledger.DevHost.Emulators.Keys;

namespace Ledger.DevHost.Setup;

/// <summary>
/// A running Rekor instead of the emulators: `--rekor URL --rekor-version N --rekor-key PEM [--rekor-origin NAME]`. Its key is checked
/// against a checkpoint of its own; what it calls itself is kept in `rekor.json` and compared from then on:
/// <code>{"http://127.0.0.1:3000/":{"origin":"rekor.example","key":"&lt;SHA-256 of the DER, hex&gt;"}}</code>
/// </summary>
internal sealed class RunningRekor(HttpClient http, StateFolder state, TextWriter output)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string _file = state["rekor.json"];

    /// <exception cref="SetupFailed">The key is of no use, the log is another than it was, or it has never been reached.</exception>
    public async Task<LogAccess> RunAsync(RekorChoice choice, CancellationToken ct)
    {
        var key = ReadKey(choice);
        var keyHash = Convert.ToHexStringLower(SHA256.HashData(key.Spki));
        var pins = File.Exists(_file) ? JsonSerializer.Deserialize<SortedDictionary<string, Pin>>(File.ReadAllText(_file), Json)! : [];
        var pin = pins.GetValueOrDefault(choice.Url.AbsoluteUri);
        if (pin is not null && pin.Key != keyHash)
            throw Changed(choice, "has another key", $"--rekor-key {choice.KeyFile} is not the one it had before");
        if (pin is not null && choice.Origin is not null && pin.Origin != choice.Origin)
            throw Changed(choice, $"calls itself {pin.Origin}", $"--rekor-origin says {choice.Origin}");
        var origin = await ContactAsync(choice, key, pin?.Origin ?? choice.Origin, ct);
        if (pin is not null && pin.Origin != origin)
            throw Changed(choice, $"calls itself {origin} now", $"it was {pin.Origin}");
        if (choice.Origin is not null && choice.Origin != origin)
            throw new SetupFailed($"Rekor at {choice.Url} calls itself {origin}, not {choice.Origin} as --rekor-origin says");
        pins[choice.Url.AbsoluteUri] = new Pin(origin, keyHash);
        PrivateFile.Write(_file, JsonSerializer.Serialize(pins, Json));
        return new LogAccess(choice.Url, choice.Version, Path.GetFullPath(choice.KeyFile), origin);
    }

    private static SubjectKey ReadKey(RekorChoice choice)
    {
        string pem;
        try
        {
            pem = File.ReadAllText(choice.KeyFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupFailed($"--rekor-key: {e.Message}", e);
        }
        var key = PemEncoding.TryFind(pem, out var found) && pem[found.Label] == "PUBLIC KEY"
            ? SubjectKey.TryRead(Convert.FromBase64String(pem[found.Base64Data]))
            : null;
        var fits = key?.Kind == KeyKind.EcdsaP256 || (choice.Version == 2 && key?.Kind == KeyKind.Ed25519);
        var types = choice.Version == 2 ? "Ed25519 or ECDSA P-256" : "ECDSA P-256";
        return fits ? key! : throw new SetupFailed(
            $"--rekor-key: {choice.KeyFile} is not a PEM public key that a Rekor v{choice.Version} signs with ({types})");
    }

    /// <summary>What the log calls itself; where it does not answer, what it is known as.</summary>
    private async Task<string> ContactAsync(RekorChoice choice, SubjectKey key, string? known, CancellationToken ct)
    {
        string text;
        var address = new Uri(choice.Url, choice.Version == 1 ? "/api/v1/log" : "/api/v2/checkpoint");
        try
        {
            text = await http.GetStringAsync(address, ct);
        }
        catch (HttpRequestException e) when ((int?)e.StatusCode is >= 400 and < 500)
        {
            var answer = $"answered {(int)e.StatusCode!} to GET {address.AbsolutePath}";
            throw new SetupFailed($"Rekor at {choice.Url} {answer}: is --rekor-version right?", e);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !ct.IsCancellationRequested))
        {
            if (known is null)
                throw new SetupFailed($"cannot reach Rekor at {choice.Url} ({e.Message}): it has to answer the first time, "
                    + "or --rekor-origin NAME to be given", e);
            await output.WriteLineAsync($"… Rekor at {choice.Url} does not answer ({e.Message}); going on, anchors will wait");
            return known;
        }
        if (choice.Version == 1)
            text = SignedTreeHead(text) ?? "";
        var note = LogNote.TryParse(text)
            ?? throw new SetupFailed($"GET {address} is not a checkpoint of a Rekor v{choice.Version}: is --rekor-version right?");
        return note.IsSignedBy(key)
            ? note.Origin(choice.Version)
            : throw new SetupFailed(
                $"--rekor-key: {choice.KeyFile} is not the key of the Rekor at {choice.Url}, whose checkpoint it did not sign");
    }

    private static string? SignedTreeHead(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("signedTreeHead", out var note)
                ? note.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private SetupFailed Changed(RekorChoice choice, string what, string why) => new(
        $"Rekor at {choice.Url} {what}: {why}. If it is another log on purpose, take it out of {_file}, "
        + "or choose another folder with --state DIR");

    private sealed record Pin(string Origin, string Key);
}

/// <summary>What the command line says of a running Rekor.</summary>
internal sealed record RekorChoice(Uri Url, int Version, string KeyFile, string? Origin);
