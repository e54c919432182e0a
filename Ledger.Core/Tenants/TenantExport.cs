using System.Formats.Tar;
using Ledger.Core.Anchoring;
using Ledger.Core.Checkpoints;
using Ledger.Core.Operations;
using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Ledger.Verify.Verification;

namespace Ledger.Core.Tenants;

/// <summary>Everything that anybody needs to verify a tenant's log without us, as one tar: the export folder of docs/formats.md.</summary>
public sealed class TenantExport(AdminDatabase operators, TransparencyLogs transparency, AuditOutbox audit, IdSource ids, TimeProvider time)
{
    private const int FirstEpoch = 1;

    /// <summary>Fixes which checkpoints it will be of, and tells the audit trail, before the first byte.</summary>
    /// <param name="actor">Who takes it.</param>
    /// <returns>What <see cref="WriteAsync"/> writes; null where there is no such tenant.</returns>
    /// <exception cref="LedgerProblemException">nothing-to-export.</exception>
    public async Task<ExportedLog?> BeginAsync(TenantId tenant, string actor, CancellationToken cancel)
    {
        if (await new LogReader(operators.Database).FindAsync(tenant, null, cancel) is not { } log) return null;
        var checkpoints = new CheckpointReader(operators.Database);
        var heads = new List<StoredCheckpoint>();
        for (var epoch = FirstEpoch; epoch <= log.Epoch; epoch++)
        {
            if (await checkpoints.LatestAsync(tenant, epoch, cancel) is { } head) heads.Add(head);
            // The newest epoch may have no checkpoint yet; an earlier one without leaves a gap that nothing behind it can be seen over.
            else if (epoch < log.Epoch || epoch == FirstEpoch)
                throw new LedgerProblemException(ProblemTypes.NothingToExport, $"Epoch {epoch} of the log has no checkpoint.");
        }
        // After the heads: whatever signed them is in it.
        var trust = (await new TrustFileReader(operators.Database).ReadAsync(tenant, cancel))!;
        if (transparency.All.Count > 0) trust = trust with { TrustedRoot = transparency.Root };

        await using var transaction = await operators.Database.BeginAsync(tenant, cancel);
        await audit.WriteAsync(transaction, tenant, new AuditEvent(actor, "tenant.export", tenant.Value,
            new Dictionary<string, string> { ["epoch"] = $"{heads[^1].Epoch}", ["size"] = $"{heads[^1].Size}" }), cancel);
        await transaction.CommitAsync(cancel);
        return new ExportedLog(heads, trust.ToBytes());
    }

    /// <summary>Writes the tar as it reads: memory does not grow with the log. On disk lie the lines of one epoch's entries, until they are
    /// written.</summary>
    /// <param name="output">Need not seek.</param>
    public async Task WriteAsync(ExportedLog log, Stream output, CancellationToken cancel)
    {
        await using var tar = new TarWriter(output, TarEntryFormat.Ustar, leaveOpen: true);
        foreach (var head in log.Heads)
        {
            var folder = head.Epoch == FirstEpoch ? "" : ExportLayout.EpochFolder(head.Epoch) + "/";
            await using var spool = SpoolFile.Open(ids, time.GetUtcNow());
            await new EpochExport(operators.Database, head, new ExportTar(tar, folder, head.CreatedAt))
                .WriteAsync(log.Trust, spool, cancel);
        }
    }
}

/// <summary>An export that was begun.</summary>
/// <param name="Heads">The newest checkpoint of each epoch, from the first on.</param>
/// <param name="Trust">trust.json, the operator's claim.</param>
public sealed record ExportedLog(IReadOnlyList<StoredCheckpoint> Heads, byte[] Trust);
