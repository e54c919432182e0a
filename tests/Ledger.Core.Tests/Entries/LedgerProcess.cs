using Ledger.Core.Entries;
using Ledger.Core.Operations;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Polly;

namespace Ledger.Core.Tests.Entries;

/// <summary>The append path as one process has it: its own pool, its own memory of floors, keys and epochs.</summary>
internal sealed class LedgerProcess : IAsyncDisposable
{
    private readonly HttpClient http;
    private readonly EntrySigner signer;

    /// <param name="pipeline">How calls to Vault are bounded; by default not at all, so that no test waits for a retry.</param>
    public LedgerProcess(string connection, DatabaseRole role, HttpMessageHandler vault, Uri? vaultAddress, string? token,
        IMarkedSize marks, TimeProvider time, ResiliencePipeline? pipeline = null)
    {
        Database = new LedgerDatabase(connection, role, maxPoolSize: 12);
        http = new HttpClient(vault, disposeHandler: false);
        var ids = new IdSource();
        var options = Options.Create(new VaultOptions { Address = vaultAddress ?? new Uri("http://vault.test"), EntryToken = token });
        Vault = new VaultTransit(http, options, pipeline ?? ResiliencePipeline.Empty, NullLogger<VaultTransit>.Instance);
        Keys = new SigningKeyRegistry(Database, Vault, time, NullLogger<SigningKeyRegistry>.Instance);
        Signer = new VerifiedSigner(Vault, Keys, NullLogger<VerifiedSigner>.Instance);
        signer = new EntrySigner(Signer, new KeyNames(options.Value.TransitKey));
        Preparation = new EntryPreparation(time, ids);
        Epochs = new EpochReader(Database);
        Floors = new LogFloors(marks, Database, time);
        Writer = new ChainWriter(Database, Floors, Epochs, time);
        Appender = new Appender(Preparation, signer, Writer, new KeptAnswers(Database, time));
        Reader = new EntryReader(Database);
        Audit = new AuditOutbox(time, ids);
        Erasure = new MetaErasure(Database, Audit);
        AuditTrail = new AuditTrail(Database, Preparation, Appender);
    }

    public LedgerDatabase Database { get; }

    public VaultTransit Vault { get; }

    public SigningKeyRegistry Keys { get; }

    public VerifiedSigner Signer { get; }

    public EntrySigner EntrySigner => signer;

    public EntryPreparation Preparation { get; }

    public EpochReader Epochs { get; }

    public LogFloors Floors { get; }

    public ChainWriter Writer { get; }

    public Appender Appender { get; }

    public EntryReader Reader { get; }

    public AuditOutbox Audit { get; }

    public MetaErasure Erasure { get; }

    public AuditTrail AuditTrail { get; }

    public Task<StoredEntry> AppendAsync(TenantId tenant, string subject = "user-action", IdempotencyClaim? claim = null) =>
        Appender.AppendAsync(tenant, LedgerUnderTest.Item(subject), claim, CancellationToken.None);

    /// <summary>Prepared and signed, ready for <see cref="Appender.CommitAsync"/>.</summary>
    public async Task<IReadOnlyList<PreparedEntry>> SignedAsync(TenantId tenant, params string[] subjects)
    {
        var entries = subjects.Select(s => Preparation.Prepare(tenant, LedgerUnderTest.Item(s))).ToList();
        await Appender.SignAsync(entries, CancellationToken.None);
        return entries;
    }

    public async ValueTask DisposeAsync()
    {
        await signer.DisposeAsync();
        http.Dispose();
        await Database.DisposeAsync();
    }
}
