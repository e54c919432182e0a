using System.Net;
using System.Net.Http.Json;
using Ledger.Core.Checkpoints;
using Ledger.Core.Tenancy;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Postgres;
using Ledger.Verify.Entries;
using Npgsql;

namespace Ledger.Api.Tests.Fixture;

/// <summary>One API on a database, a Vault and an issuer of its own. Tests of a class share it and take a tenant each.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "IAsyncLifetime disposes.")]
public class ApiUnderTest : IAsyncLifetime
{
    public const string LogName = "ledger.test";

    private readonly TempFolder folder = new();
    private TestDatabase database = null!;
    private Integrators integrators = null!;
    private int tenants;

    internal Dictionary<string, string> Settings { get; private set; } = [];

    internal ApiProcess Api { get; private set; } = null!;

    internal TokenIssuer Issuer { get; private set; } = null!;

    internal Signer Signer { get; private set; } = null!;

    internal NpgsqlDataSource Owner { get; private set; } = null!;

    internal NpgsqlDataSource Superuser { get; private set; } = null!;

    internal string MarksFolder => folder["marks"];

    /// <summary>With its password, which a data source does not show.</summary>
    internal string SuperuserConnectionString => database.Superuser;

    internal string WorkersConnectionString => database.Workers;

    public async Task InitializeAsync()
    {
        if (new PostgresFactAttribute().Skip is not null) return; // its tests are skipped with that reason
        database = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(MigrateAsync);
        (Owner, Superuser) = (NpgsqlDataSource.Create(database.Owner), NpgsqlDataSource.Create(database.Superuser));
        Issuer = await TokenIssuer.StartAsync();
        Signer = await Signer.StartAsync(folder);
        Directory.CreateDirectory(MarksFolder);
        Settings = new Dictionary<string, string>
        {
            ["ConnectionStrings:ledger"] = database.Api,
            ["Vault:Address"] = Signer.Vault.Address.AbsoluteUri,
            ["Vault:EntryToken"] = Signer.Vault.RootToken,
            ["Vault:TransitKey"] = Fixture.Signer.Names.Entry,
            ["Ledger:LogName"] = LogName,
            ["HighWaterMark:Directory"] = MarksFolder,
            ["Identity:Issuers:0:Issuer"] = Issuer.Issuer,
            ["Identity:Issuers:0:Audience"] = TokenIssuer.Audience,
            ["Identity:Issuers:0:MetadataAddress"] = Issuer.Metadata,
            // One issuer for people of every kind; what another list does to a token is IssuerRolesTests' matter.
            ["Identity:Issuers:0:Roles:0"] = "CLIENT_ADMIN",
            ["Identity:Issuers:0:Roles:1"] = "CLIENT_TECH",
            ["Identity:Issuers:0:Roles:2"] = "AUDITOR",
            ["Identity:Issuers:0:Roles:3"] = "PLATFORM_ADMIN",
            ["Identity:Issuers:0:Roles:4"] = "BILLING_OPERATOR",
        };
        // Hundreds of tests share two or three callers; what limits do is RateLimitTests' matter.
        Settings["RateLimits:RequestsPerSecond"] = Settings["RateLimits:PublicRequestsPerSecond"] = "100000";
        Settings["RateLimits:NewTokensPerSecond"] = "100000";
        Settings["RateLimits:AcceptancesPerMinute"] = "10000";
        await AddSettingsAsync(Settings, folder);
        integrators = new Integrators(database, Signer, MarksFolder);
        Api = new ApiProcess(Settings);
    }

    /// <summary>For ledgers with more around them: starts it, and says where it is.</summary>
    internal virtual Task AddSettingsAsync(Dictionary<string, string> settings, TempFolder place) => Task.CompletedTask;

    public virtual async Task DisposeAsync()
    {
        if (Api is not null)
        {
            await Api.DisposeAsync();
            await integrators.DisposeAsync();
            await Signer.DisposeAsync();
            await Issuer.DisposeAsync();
            await Owner.DisposeAsync();
            await Superuser.DisposeAsync();
            await database.DisposeAsync();
        }
        folder.Dispose();
    }

    /// <summary>A tenant that nobody has written to.</summary>
    /// <param name="name">Null: one that nobody has.</param>
    internal async Task<string> AddTenantAsync(bool isPublic = false, string? name = null)
    {
        var tenant = name ?? $"tenant-{Interlocked.Increment(ref tenants)}";
        await integrators.OpenAsync(tenant, isPublic);
        return tenant;
    }

    /// <summary>The tenant's next epoch, which is its current one from then on.</summary>
    internal Task OpenEpochAsync(string tenant) => integrators.OpenEpochAsync(tenant);

    /// <summary>A caller whose token names this tenant and these roles.</summary>
    internal HttpClient ClientFor(string? tenant, params string[] roles) =>
        Api.Client(Issuer.Token(tenant, roles.Length == 0 ? ["CLIENT_TECH"] : roles));

    internal HttpClient Anonymous() => Api.Client(null);

    /// <summary>Appends one fact as CLIENT_TECH and returns its receipt, read as strictly as ledger-verify reads it.</summary>
    internal async Task<Receipt> AppendAsync(string tenant, string subject = "user-action", string payload = "Hello World",
        object? meta = null)
    {
        using var client = ClientFor(tenant);
        using var answer = await client.PostAsJsonAsync("/append",
            new { subject, payload = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(payload)), meta = meta ?? new { } });
        var body = await answer.Content.ReadAsByteArrayAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, System.Text.Encoding.UTF8.GetString(body));
        Assert.True(Receipt.TryParse(body, out var receipt, out var failure), failure.ToString());
        return receipt;
    }

    internal async Task<IReadOnlyList<Receipt>> AppendManyAsync(string tenant, int count)
    {
        var receipts = new List<Receipt>();
        for (var i = 0; i < count; i++) receipts.Add(await AppendAsync(tenant, $"subject-{i}", $"payload {i}"));
        return receipts;
    }

    /// <summary>Lets the integrator cover everything appended so far.</summary>
    internal Task CoverAsync() => integrators.CoverAsync();

    /// <summary>Lets the audit trail take up what happened so far.</summary>
    internal Task DrainAuditAsync() => integrators.DrainAuditAsync();

    /// <summary>Runs statements as the machine's owner could, past guards and row-level security.</summary>
    internal async Task TamperAsync(string sql)
    {
        await using var command = Superuser.CreateCommand(
            "SET search_path = ledger; SET session_replication_role = replica; ALTER TABLE chain_entries DISABLE TRIGGER ALL; " + sql
                + "; ALTER TABLE chain_entries ENABLE TRIGGER ALL");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Rows of a table that are this tenant's, as the owner sees them.</summary>
    internal async Task<long> CountAsync(string table, string tenant)
    {
        await using var command = Owner.CreateCommand($"SELECT count(*) FROM ledger.{table} WHERE tenant_id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static Task MigrateAsync(string connectionString) => Migrator.MigrateAsync(connectionString, CancellationToken.None);
}
