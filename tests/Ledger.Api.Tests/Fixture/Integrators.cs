using Ledger.Core.Checkpoints;
using Ledger.Core.Entries;
using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Ledger.Api.Tests.Fixture;

/// <summary>What the workers do, run by hand: opening logs, covering entries, moving audit events.</summary>
internal sealed class Integrators : IAsyncDisposable
{
    private readonly LedgerDatabase owner;
    private readonly LedgerDatabase workers;
    private readonly HttpClient http = new();
    private readonly EntrySigner signer;
    private readonly LogOpening opening;
    private readonly EpochOpening epochs;
    private readonly Integrator integrator;
    private readonly AuditTrail audit;

    public Integrators(TestDatabase database, Signer vaultServer, string marksFolder)
    {
        (owner, workers) = (new LedgerDatabase(database.Owner, DatabaseRole.Owner),
            new LedgerDatabase(database.Workers, DatabaseRole.Worker));
        var (time, ids) = (TimeProvider.System, new IdSource());
        var marks = new FileHighWaterMarkStore(Options.Create(new HighWaterMarkOptions { Directory = marksFolder }), time);
        var options = Options.Create(new VaultOptions { Address = vaultServer.Vault.Address, WorkerToken = vaultServer.Vault.RootToken,
            Caller = VaultCaller.Worker });
        var vault = new VaultTransit(http, options, VaultResilience.Create(time), NullLogger<VaultTransit>.Instance);
        var keys = new SigningKeyRegistry(workers, vault, time, NullLogger<SigningKeyRegistry>.Instance);
        var verified = new VerifiedSigner(vault, keys, NullLogger<VerifiedSigner>.Instance);
        signer = new EntrySigner(verified, Signer.Names);

        var ownerKeys = new SigningKeyRegistry(owner, vault, time, NullLogger<SigningKeyRegistry>.Instance);
        var (outbox, named) = (new AuditOutbox(time, ids), Options.Create(new LedgerOptions { LogName = ApiUnderTest.LogName }));
        opening = new LogOpening(owner, vault, ownerKeys, Signer.Names, marks, outbox, named, time);
        integrator = new Integrator(workers, marks, verified, keys, Signer.Names, ids, time, NullLogger<Integrator>.Instance);

        var preparation = new EntryPreparation(time, ids);
        epochs = new EpochOpening(owner, vault, ownerKeys, new VerifiedSigner(vault, ownerKeys, NullLogger<VerifiedSigner>.Instance),
            Signer.Names, marks, preparation, outbox, named, time, NullLogger<EpochOpening>.Instance);
        var writer = new ChainWriter(workers, new LogFloors(new MarkedSize(marks), workers, time), new EpochReader(workers), time);
        audit = new AuditTrail(workers, preparation, new Appender(preparation, signer, writer, new KeptAnswers(workers, time)));
    }

    public Task OpenAsync(string tenant, bool isPublic) =>
        opening.OpenAsync(TenantId.Parse(tenant), isPublic, "test", CancellationToken.None);

    /// <summary>Though its log is sound.</summary>
    public Task OpenEpochAsync(string tenant) =>
        epochs.OpenAsync(TenantId.Parse(tenant), "a test", force: true, "test", CancellationToken.None);

    public async Task CoverAsync()
    {
        while ((await integrator.RunOnceAsync(CancellationToken.None)).Stored > 0) { }
    }

    public async Task DrainAuditAsync()
    {
        while (await audit.DrainAsync(CancellationToken.None) > 0) { }
    }

    public async ValueTask DisposeAsync()
    {
        await signer.DisposeAsync();
        await owner.DisposeAsync();
        await workers.DisposeAsync();
        http.Dispose();
    }
}
