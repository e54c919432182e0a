using Ledger.Core.Checkpoints;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Ledger.Api.Tests.Fixture;

/// <summary>What the workers do, run by hand: making tenants, covering entries.</summary>
internal sealed class Integrators : IAsyncDisposable
{
    private static readonly LedgerOptions Ledger = new() { LogName = "ledger.test" };

    private readonly LedgerDatabase database;
    private readonly HttpClient http = new();
    private readonly FileHighWaterMarkStore marks;
    private readonly Integrator integrator;

    public Integrators(string connectionString, Signer signer, string marksFolder)
    {
        database = new LedgerDatabase(connectionString, DatabaseRole.Worker);
        marks = new FileHighWaterMarkStore(Options.Create(new HighWaterMarkOptions { Directory = marksFolder }), TimeProvider.System);
        var options = Options.Create(new VaultOptions { Address = signer.Vault.Address, WorkerToken = signer.Vault.RootToken, Caller = VaultCaller.Worker });
        var vault = new VaultTransit(http, options, VaultResilience.Create(TimeProvider.System), NullLogger<VaultTransit>.Instance);
        var keys = new SigningKeyRegistry(database, vault, TimeProvider.System, NullLogger<SigningKeyRegistry>.Instance);
        integrator = new Integrator(database, marks, new VerifiedSigner(vault, keys, NullLogger<VerifiedSigner>.Instance), keys, Signer.Names, new IdSource(),
            TimeProvider.System, NullLogger<Integrator>.Instance);
    }

    public async Task AddTenantAsync(NpgsqlDataSource owner, string name, bool isPublic)
    {
        var tenant = TenantId.Parse(name);
        Assert.True(await marks.TryCreateAsync(HighWaterMark.OfEmptyLog(tenant, 1), CancellationToken.None));
        await using var command = owner.CreateCommand($"""
            INSERT INTO ledger.tenants (tenant_id, log_public, created_at) VALUES ('{tenant}', {isPublic}, now());
            INSERT INTO ledger.chain_heads (tenant_id, epoch, origin, opened_at) VALUES ('{tenant}', 1, '{Ledger.OriginOf(tenant, 1)}', now());
            INSERT INTO ledger.tree_heads (tenant_id, epoch, root) VALUES ('{tenant}', 1, sha256(''));
            """);
        await command.ExecuteNonQueryAsync();
    }

    public async Task CoverAsync()
    {
        while ((await integrator.RunOnceAsync(CancellationToken.None)).Stored > 0) { }
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        http.Dispose();
    }
}
