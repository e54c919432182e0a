using System.Text.Json;
using Ledger.Testing;

namespace Ledger.DevHost.Tests.Emulators;

public sealed class VaultAccessTests
{
    private const string Denied = "1 error occurred:\n\t* permission denied\n\n";
    private const string Signer = """
        # one key, and every key that begins with log-
        path "transit/sign/ed" { capabilities = ["update"] }
        path "transit/keys/log-*" { capabilities = ["read", "update"] }
        path "transit/keys/log-secret" { capabilities = ["deny"] }
        path "transit/+/any" { capabilities = ["update"] }
        path "transit/keys" { capabilities = ["list"] }
        """;

    [Fact]
    public async Task A_minted_token_may_do_what_its_policy_says_and_nothing_else()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.SendAsync("PUT", "sys/policies/acl/signer", new { policy = Signer });
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
        var token = vault.Emulator.MintToken("signer");
        var input = new { input = "aGVsbG8=" };

        Assert.Equal(200, (await vault.SendAsync("POST", "transit/sign/ed", input, token)).Status);
        Assert.Equal(200, (await vault.SendAsync("POST", "transit/keys/log-a", new { type = "ed25519" }, token)).Status);
        Assert.Equal(200, (await vault.SendAsync("GET", "transit/keys/log-a", null, token)).Status);
        Assert.Equal(400, (await vault.SendAsync("POST", "transit/sign/any", input, token)).Status); // allowed, but there is no such key
        Assert.Equal(200, (await vault.SendAsync("LIST", "transit/keys", null, token)).Status);
        Assert.Equal(200, (await vault.SendAsync("GET", "auth/token/lookup-self", null, token)).Status);
        foreach (var (method, path) in new[]
        {
            ("GET", "transit/keys/ed"), ("POST", "transit/sign/other"), ("GET", "transit/keys/log-secret"),
            ("DELETE", "transit/keys/log-a"), ("POST", "transit/sign/ed/sha2-256"), ("PUT", "sys/seal"), ("GET", "sys/mounts"),
            ("POST", "auth/token/create"), ("GET", "nope/x"),
        })
        {
            var (status, body) = await vault.SendAsync(method, path, method == "GET" ? null : new { }, token);
            Assert.True((403, Denied) == (status, Vault.FirstError(body)), $"{method} {path}: {status} {body}");
        }
    }

    [Fact]
    public async Task Tokens_are_missing_or_unknown_or_expired_in_the_words_of_the_real_one()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);

        var missing = await vault.SendAsync("GET", "transit/keys/k", token: "");
        var unknown = await vault.SendAsync("GET", "transit/keys/k", token: "hvs.CAESIJnonsense");

        Assert.Equal((403, "permission denied"), (missing.Status, Vault.FirstError(missing.Body)));
        Assert.Equal((403, "2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n"),
            (unknown.Status, Vault.FirstError(unknown.Body)));
    }

    [Fact]
    public async Task Revoking_a_token_ends_its_children()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        const string parentPolicy = """path "auth/token/create" { capabilities = ["update"] }""";
        await vault.SendAsync("PUT", "sys/policies/acl/parent", new { policy = parentPolicy });
        var parent = Token(await vault.SendAsync("POST", "auth/token/create", new { policies = new[] { "parent" } }));
        var child = Token(await vault.SendAsync("POST", "auth/token/create", new { ttl = "1h" }, parent));
        var (refused, why) = await vault.SendAsync("POST", "auth/token/create", new { policies = new[] { "root" } }, parent);
        Assert.Equal((400, "child policies must be subset of parent"), (refused, Vault.FirstError(why)));
        Assert.Equal(200, (await vault.SendAsync("GET", "auth/token/lookup-self", null, child)).Status);

        Assert.Equal(204, (await vault.SendAsync("POST", "auth/token/revoke-self", null, parent)).Status);

        Assert.Equal(403, (await vault.SendAsync("GET", "auth/token/lookup-self", null, parent)).Status);
        Assert.Equal(403, (await vault.SendAsync("GET", "auth/token/lookup-self", null, child)).Status);
    }

    [Fact]
    public async Task Keys_tokens_policies_and_mounts_are_the_same_after_a_restart_and_the_files_are_private()
    {
        using var folder = new TempFolder();
        string root, minted, publicKey, unsealKey;
        await using (var vault = await Vault.StartAsync(folder))
        {
            await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });
            await vault.DataAsync("POST", "transit/keys/ed/rotate");
            await vault.SendAsync("PUT", "sys/policies/acl/signer", new { policy = Signer });
            (root, minted, publicKey, unsealKey) = (vault.Emulator.RootToken, vault.Emulator.MintToken("signer"),
                await vault.PublicKeyAsync("ed", 2), vault.Emulator.UnsealKey);
        }

        await using var again = await Vault.StartAsync(folder);

        Assert.Equal(root, again.Emulator.RootToken);
        Assert.Equal(minted, again.Emulator.MintToken("signer"));
        Assert.Equal(unsealKey, again.Emulator.UnsealKey);
        Assert.Equal(publicKey, await again.PublicKeyAsync("ed", 2));
        Assert.Equal(200, (await again.SendAsync("POST", "transit/sign/ed", new { input = "" }, minted)).Status);
        Assert.Equal(403, (await again.SendAsync("GET", "transit/keys/ed", null, minted)).Status);
        foreach (var file in Directory.EnumerateFiles(folder["vault"], "*", SearchOption.AllDirectories))
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_sealed_Vault_refuses_everything_until_its_key_comes()
    {
        using var folder = new TempFolder();
        await using var vault = await Vault.StartAsync(folder);
        await vault.DataAsync("POST", "transit/keys/ed", new { type = "ed25519" });

        Assert.Equal(204, (await vault.SendAsync("PUT", "sys/seal")).Status);

        var refused = await vault.SendAsync("POST", "transit/sign/ed", new { input = "" });
        Assert.Equal((503, "Vault is sealed"), (refused.Status, Vault.FirstError(refused.Body)));
        Assert.Equal(503, (await vault.SendAsync("GET", "sys/health", token: "")).Status);
        Assert.True((await vault.SendAsync("GET", "sys/seal-status", token: "")).Body.GetProperty("sealed").GetBoolean());
        var wrong = await vault.SendAsync("PUT", "sys/unseal", new { key = new string('0', 64) }, "");
        Assert.Equal(400, wrong.Status);
        var opened = await vault.SendAsync("PUT", "sys/unseal", new { key = vault.Emulator.UnsealKey }, "");
        Assert.Equal((200, false), (opened.Status, opened.Body.GetProperty("sealed").GetBoolean()));
        Assert.Equal(200, (await vault.SendAsync("POST", "transit/sign/ed", new { input = "" })).Status);
    }

    private static string Token((int Status, JsonElement Body) answer)
        => answer.Body.GetProperty("auth").GetProperty("client_token").GetString()!;
}
