using System.Text.Json;

namespace Ledger.DevHost.Tests.Emulators.Keycloak;

public sealed class AdminKeyTests
{
    private const string NewKey = """
        {"name":"rsa-2","providerId":"rsa-generated","providerType":"org.keycloak.keys.KeyProvider",
        "config":{"priority":["200"],"enabled":["true"],"active":["true"],"algorithm":["RS256"],"keySize":["2048"]}}
        """;

    [Fact]
    public async Task A_new_key_signs_at_once_an_old_one_checks_until_it_is_disabled()
    {
        await using var realms = await RecordedRealms.StartAsync();
        using var setup = realms.Admin(await realms.ServiceTokenAsync("ledger-setup"));
        var token = await realms.UserTokenAsync("demo-tech");
        var before = (await setup.GetAsync("keys")).Json;
        var old = before.GetProperty("keys").EnumerateArray().Single(k => k.GetProperty("algorithm").GetString() == "RS256")
            .GetProperty("providerId").GetString();

        var added = await setup.SendAsync("POST", "components", NewKey);
        using var newSetup = realms.Admin(await realms.ServiceTokenAsync("ledger-setup"));

        Assert.Equal(201, added.Status);
        Assert.NotEqual(Kid(before), Kid((await newSetup.GetAsync("keys")).Json));
        Assert.Equal(2, await SigningKeysAsync(realms));
        Assert.Equal(204, (await newSetup.SendAsync("PUT", $"components/{old}", """{"config":{"active":["false"]}}""")).Status);
        Assert.Equal(2, await SigningKeysAsync(realms));
        Assert.Equal(200, await realms.UserinfoAsync(token));
        Assert.Equal(204, (await newSetup.SendAsync("PUT", $"components/{old}", """{"config":{"enabled":["false"]}}""")).Status);
        Assert.Equal(1, await SigningKeysAsync(realms));
        Assert.Equal(401, await realms.UserinfoAsync(token));
        Assert.Equal(401, (await setup.GetAsync("keys")).Status); // its own token is of the old key
    }

    [Fact]
    public async Task A_key_of_an_odd_size_is_refused()
    {
        await using var realms = await RecordedRealms.StartAsync();
        using var setup = realms.Admin(await realms.ServiceTokenAsync("ledger-setup"));

        var reply = await setup.SendAsync("POST", "components", NewKey.Replace("2048", "77", StringComparison.Ordinal));

        Assert.Equal("""400 {"errorMessage":"'Key size' should be 1024, 2048, 3072 or 4096"}""", $"{reply}");
    }

    private static string Kid(JsonElement keys) => keys.GetProperty("active").GetProperty("RS256").GetString()!;

    private static async Task<int> SigningKeysAsync(RecordedRealms realms)
        => JsonElement.Parse(await realms.Http.GetStringAsync("/realms/ledger/protocol/openid-connect/certs")).GetProperty("keys")
            .EnumerateArray().Count(k => k.GetProperty("use").GetString() == "sig");
}
