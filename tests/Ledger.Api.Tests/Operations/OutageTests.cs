using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Api.Tests.Operations;

/// <summary>The database and the store of marks away, behind, and back. Each test has a ledger of its own.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const string Good = """{"subject":"s","payload":"QQ=="}""";

    private readonly ApiUnderTest ledger = new();
    private string tenant = "";
    private HttpClient client = null!;

    public async Task InitializeAsync()
    {
        await ledger.InitializeAsync();
        if (ledger.Api is null) return;
        tenant = await ledger.AddTenantAsync();
        client = ledger.ClientFor(tenant);
    }

    public async Task DisposeAsync()
    {
        client?.Dispose();
        await ledger.DisposeAsync();
    }

    [PostgresFact]
    public async Task Without_the_database_everything_but_liveness_says_so_and_recovers()
    {
        var entry = await ledger.AppendAsync(tenant);
        await AllowConnectionsAsync(false);
        using (var append = await client.PostAsync("/append",
            Answers.Json(Good))) await append.IsProblemAsync(ProblemTypes.DatabaseUnavailable);
        foreach (var path in new[] { "/entries", $"/entries/{entry.Id}", "/chain/proof", "/checkpoints/latest", $"/log/{tenant}/checkpoint",
            "/.well-known/ledger-keys" })
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            await answer.IsProblemAsync(ProblemTypes.DatabaseUnavailable);
        }
        using (var health = await client.GetAsync(new Uri("/health", UriKind.Relative)))
            Assert.Equal("""{"status":"unhealthy","database":"down","rekor":false}""",
                (await health.JsonAsync(HttpStatusCode.ServiceUnavailable)).GetRawText());
        using (var alive = await client.GetAsync(new Uri("/alive", UriKind.Relative))) Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        await AllowConnectionsAsync(true);
        Assert.Equal("""{"status":"healthy","database":"ok","rekor":false}""", (await client.GetJsonAsync("/health")).GetRawText());
        Assert.Equal(1, (await ledger.AppendAsync(tenant)).ChainSeq);
    }

    [PostgresFact]
    public async Task Without_the_store_of_marks_a_fresh_process_does_not_append()
    {
        Directory.Move(ledger.MarksFolder, ledger.MarksFolder + ".away");
        using (var append = await client.PostAsync("/append",
            Answers.Json(Good))) await append.IsProblemAsync(ProblemTypes.StorageUnavailable);
        Assert.Equal(0, await ledger.CountAsync("chain_entries", tenant));
        using (var read = await client.GetAsync(new Uri("/entries", UriKind.Relative))) Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.Equal("degraded", (await client.GetJsonAsync("/health")).GetProperty("status").GetString());
        Directory.Move(ledger.MarksFolder + ".away", ledger.MarksFolder);
        await ledger.AppendAsync(tenant);
    }

    [PostgresFact]
    public async Task A_log_behind_its_mark_takes_nothing_but_still_reads()
    {
        await ledger.AppendManyAsync(tenant, 3);
        await ledger.CoverAsync();
        await ledger.TamperAsync($"""
            DELETE FROM chain_entries WHERE tenant_id = '{tenant}' AND seq > 0;
            UPDATE chain_heads SET next_seq = 1, head_hash = (SELECT leaf_hash FROM chain_entries WHERE tenant_id = '{tenant}' AND seq = 0) WHERE tenant_id = '{tenant}'
            """);
        // The process that acknowledged them, and one that never knew: both refuse.
        await using var fresh = new ApiProcess(ledger.Settings);
        using var other = fresh.Client(ledger.Issuer.Token(tenant, "CLIENT_TECH"));
        foreach (var caller in new[] { client, other })
        {
            using var append = await caller.PostAsync("/append", Answers.Json(Good));
            await append.IsProblemAsync(ProblemTypes.LogRolledBack);
            using var read = await caller.GetAsync(new Uri("/entries", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        }
        Assert.Equal(1, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task A_log_without_a_mark_takes_nothing()
    {
        Directory.Delete(Path.Combine(ledger.MarksFolder, tenant), recursive: true);
        using var append = await client.PostAsync("/append", Answers.Json(Good));
        await append.IsProblemAsync(ProblemTypes.LogRolledBack);
        Assert.Equal(0, await ledger.CountAsync("chain_entries", tenant));
    }

    [PostgresFact]
    public async Task A_suspended_tenant_reads_and_does_not_write()
    {
        await ledger.AppendAsync(tenant);
        await ledger.TamperAsync($"UPDATE tenants SET state = 'suspended' WHERE tenant_id = '{tenant}'");
        using var append = await client.PostAsync("/append", Answers.Json(Good));
        await append.IsProblemAsync(ProblemTypes.TenantSuspended);
        using var read = await client.GetAsync(new Uri("/entries", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [PostgresFact]
    public async Task Neither_payload_nor_token_nor_meta_is_logged()
    {
        using var answer = await client.PostAsync("/append",
            Answers.Json("""{"subject":"s","payload":"c2VjcmV0LXBheWxvYWQ=","meta":{"k":"secret-meta"}}"""));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        using var bad = await client.PostAsync("/append",
            Answers.Json("""{"subject":"s","payload":"c2VjcmV0LXBheWxvYWQ*","meta":{"k":"secret-meta"}}"""));
        foreach (var secret in new[] { "secret-payload", "c2VjcmV0LXBheWxvYWQ", "secret-meta",
            client.DefaultRequestHeaders.Authorization!.Parameter!, ledger.Signer.Vault.RootToken })
            Assert.DoesNotContain(secret, ledger.Api.Log.Text, StringComparison.Ordinal);
    }

    /// <summary>Cuts the product's logins off this database, as a server does that is starting up or shutting down, or lets them in
    /// again.</summary>
    private async Task AllowConnectionsAsync(bool allowed)
    {
        var name = new NpgsqlConnectionStringBuilder(ledger.SuperuserConnectionString).Database;
        await using var server = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(ledger.SuperuserConnectionString) { Database = "postgres", Pooling = false }
                .ConnectionString);
        await using var command = server.CreateCommand($"ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}");
        await command.ExecuteNonQueryAsync();
        if (allowed) return;
        await using var cut = server.CreateCommand($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        await cut.ExecuteNonQueryAsync();
    }
}
