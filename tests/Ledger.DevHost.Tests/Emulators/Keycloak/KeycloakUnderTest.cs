using System.Buffers.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.DevHost.Emulators.Keycloak.Keys;
using Ledger.Testing;
using Ledger.Testing.Time;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>An emulator with one realm file and a clock that stands still.</summary>
internal sealed class KeycloakUnderTest : IAsyncDisposable
{
    // RSA keys take longer to make than all else in a test: made once, they are laid into each state folder.
    private static readonly Lazy<Dictionary<string, byte[]>> Keys = new(MakeKeys);

    private const string Token = "/realms/ledger/protocol/openid-connect/token";

    private readonly TempFolder folder = new();
    private bool keepUsers;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public ManualTime Time { get; } = new();

    public KeycloakEmulator Emulator { get; private set; } = null!;

    public Uri Address => Emulator.Address;

    public HttpClient Http => http;

    public static async Task<KeycloakUnderTest> StartAsync(string realm = RealmText.Ledger, bool keepUsers = false)
    {
        var started = new KeycloakUnderTest { keepUsers = keepUsers };
        Directory.CreateDirectory(started.folder["realms"]);
        await started.WriteRealmAsync(realm);
        LayKeys(started.folder["state"], "ledger");
        await started.StartAgainAsync();
        return started;
    }

    /// <summary>Makes a state folder in which the keys of a realm are already there.</summary>
    public static void LayKeys(string folder, string realm)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, key) in Keys.Value)
            File.WriteAllBytes(Path.Combine(folder, $"{realm}{name}"), key);
    }

    /// <summary>Changes the realm file; it is read at the next start.</summary>
    public Task WriteRealmAsync(string realm) => File.WriteAllTextAsync(folder["realms/any-name.json"], realm);

    /// <summary>A file of the state folder.</summary>
    public string StateFile(string name) => Path.Combine(folder["state"], name);

    /// <summary>The admin REST as the service account of client <c>workers</c> sees it.</summary>
    public async Task<AdminClient> WorkersAsync()
    {
        var secret = Emulator.ClientSecret("ledger", "workers");
        var (_, answer) = await GrantAsync($"grant_type=client_credentials&client_id=workers&client_secret={secret}");
        return new AdminClient(Address, "ledger", answer.GetProperty("access_token").GetString());
    }

    public async Task StartAgainAsync()
    {
        var port = Emulator?.Address.Port ?? 0;
        if (Emulator is not null)
            await Emulator.DisposeAsync();
        Emulator = await KeycloakEmulator.StartAsync(
            new EmulatorOptions { StateDirectory = folder["state"], Port = port, Time = Time },
            new KeycloakOptions { RealmsDirectory = folder["realms"], Environment = RealmText.Environment, KeepUsers = keepUsers },
            CancellationToken.None);
        http.BaseAddress ??= Emulator.Address;
    }

    /// <summary>The answer of the token endpoint, e.g. for <c>grant_type=password&amp;…</c>.</summary>
    public async Task<(int Status, JsonElement Body)> GrantAsync(string form) => await PostAsync(Token, form);

    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string form)
    {
        using var content = new StringContent(form, System.Text.Encoding.UTF8, "application/x-www-form-urlencoded");
        using var answer = await http.PostAsync(new Uri(Address, path), content);
        var text = await answer.Content.ReadAsStringAsync();
        return ((int)answer.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public Task<(int Status, JsonElement Body)> PasswordAsync(string user, string password = RealmText.Password, string more = "")
        => GrantAsync($"grant_type=password&client_id=direct&username={user}&password={password}&scope=openid{more}");

    /// <summary>The status of userinfo and its challenge.</summary>
    public async Task<(int Status, string Challenge, string Body)> UserinfoAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, "/realms/ledger/protocol/openid-connect/userinfo"));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, answer.Headers.WwwAuthenticate.ToString(), await answer.Content.ReadAsStringAsync());
    }

    public static JsonElement Claims(JsonElement answer, string token = "access_token")
        => JsonElement.Parse(Base64Url.DecodeFromChars(answer.GetProperty(token).GetString()!.Split('.')[1]));

    public static string Names(JsonElement claims) => string.Join(' ', claims.EnumerateObject().Select(c => c.Name));

    private static Dictionary<string, byte[]> MakeKeys()
    {
        using var folder = new TempFolder();
        using (new RealmKeys(folder.Path, "ledger", TimeProvider.System))
            return Directory.GetFiles(folder.Path).ToDictionary(f => Path.GetFileName(f)["ledger".Length..], File.ReadAllBytes);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Emulator.DisposeAsync();
        folder.Dispose();
    }
}
