using System.Net.Http.Headers;
using System.Text.Json;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

/// <summary>The emulator with the realm files that the recordings were made with, and made-up secrets.</summary>
internal sealed class RecordedRealms : IAsyncDisposable
{
    // Making eight keys takes longer than most tests: they are made once, and every test begins with a copy of them.
    private static readonly Lazy<Task<Dictionary<string, byte[]>>> Keys = new(MakeKeysAsync);

    private readonly TempFolder folder;

    private RecordedRealms(TempFolder folder, KeycloakEmulator keycloak)
    {
        (this.folder, Keycloak) = (folder, keycloak);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = keycloak.Address };
    }

    public KeycloakEmulator Keycloak { get; }

    /// <summary>Without a token.</summary>
    public HttpClient Http { get; }

    public static async Task<RecordedRealms> StartAsync()
    {
        var folder = new TempFolder();
        foreach (var (name, content) in await Keys.Value)
            await File.WriteAllBytesAsync(folder[name], content);
        return new RecordedRealms(folder, await StartAsync(folder.Path));
    }

    /// <summary>What a variable of the realm files is here; all of them meet the password policy.</summary>
    public static string Secret(string variable) => $"made-up-{variable.ToLowerInvariant().Replace('_', '-')}-1";

    public static string PasswordOf(string user) => Secret($"LEDGER_{user.ToUpperInvariant().Replace('-', '_')}_PASSWORD");

    /// <summary>E.g. of <c>ledger-workers</c>, which may manage users, or <c>ledger-setup</c>, which may do all in its realm.</summary>
    public Task<string> ServiceTokenAsync(string client, string realm = "ledger") => TokenAsync(realm, new()
    {
        ["grant_type"] = "client_credentials",
        ["client_id"] = client,
        ["client_secret"] = Secret($"{client.ToUpperInvariant().Replace('-', '_')}_SECRET"),
    });

    public Task<string> UserTokenAsync(string user) => TokenAsync("ledger", new()
    {
        ["grant_type"] = "password",
        ["client_id"] = "ledger-direct",
        ["username"] = user,
        ["password"] = PasswordOf(user),
        ["scope"] = "openid",
    });

    /// <summary>The admin REST of a realm as somebody sees it.</summary>
    public AdminClient Admin(string? token, string realm = "ledger") => new(Keycloak.Address, realm, token);

    /// <summary>What the token endpoint says.</summary>
    public async Task<(int Status, JsonElement Body)> AskTokenAsync(string realm, Dictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        using var answer = await Http.PostAsync($"/realms/{realm}/protocol/openid-connect/token", content);
        return ((int)answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsStringAsync()));
    }

    /// <summary>What userinfo says of a token.</summary>
    public async Task<int> UserinfoAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/realms/ledger/protocol/openid-connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Keycloak.DisposeAsync();
        folder.Dispose();
    }

    private static Task<KeycloakEmulator> StartAsync(string state) => KeycloakEmulator.StartAsync(
        new EmulatorOptions { StateDirectory = state },
        new KeycloakOptions
        {
            RealmsDirectory = RepositoryPath.Of("tests", "Ledger.DevHost.Tests", "Golden", "keycloak", "realms"),
            Environment = Secret,
        },
        CancellationToken.None);

    private static async Task<Dictionary<string, byte[]>> MakeKeysAsync()
    {
        using var folder = new TempFolder();
        await (await StartAsync(folder.Path)).DisposeAsync();
        return Directory.GetFiles(folder.Path).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes);
    }

    private async Task<string> TokenAsync(string realm, Dictionary<string, string> form)
    {
        var (status, body) = await AskTokenAsync(realm, form);
        return status == 200
            ? body.GetProperty("access_token").GetString()!
            : throw new InvalidOperationException($"{status}: {body}");
    }
}
