using Ledger.Core.Entries;
using Ledger.Core.Tenancy;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Verification;
using static Ledger.Core.Tenancy.Sql;

namespace Ledger.Core.Anchoring;

/// <summary>What came of one anchor.</summary>
/// <param name="Anchor">Which of ours; null for a bundle that the caller brought.</param>
/// <param name="IsFresh">Whether the proof was fetched from the log just now.</param>
public sealed record InspectedAnchor(AnchorView? Anchor, bool IsFresh, IReadOnlyList<Check> Checks)
{
    public Verdict Verdict => VerificationReport.AnyFailed(Checks) ? Verdict.Failed : Verdict.Verified;
}

/// <summary>Verifies anchors for a tenant again, as ledger-verify does.</summary>
public sealed class AnchorInspection(LedgerDatabase database, AnchorReader anchors, TransparencyLogs logs, RefreshTurns turns)
{
    /// <summary>Entries with the same payload that are looked at, the newest; each has at most a few anchors.</summary>
    public const int EntriesOfArtifact = 10;

    private readonly AnchorJudge judge = new(logs.Root);
    private readonly ProofRefresh proofs = new(logs);

    /// <summary>The tenant's anchor that a log calls by this id; empty where it has none such.</summary>
    /// <exception cref="Problems.LedgerProblemException">transparency-log-unavailable, refresh-limited or too-many-proofs, with
    /// <paramref name="refresh"/>.</exception>
    public async Task<IReadOnlyList<InspectedAnchor>> ByEntryIdAsync(TenantId tenant, string entryId, bool refresh,
        CancellationToken cancel) =>
        await InspectAsync(tenant, await anchors.FindAsync(tenant, entryId, cancel), refresh, cancel);

    /// <summary>The anchors of what has this payload: the entry's own, and the first over it. Null where no entry has it.</summary>
    /// <exception cref="Problems.LedgerProblemException">transparency-log-unavailable, refresh-limited or too-many-proofs, with
    /// <paramref name="refresh"/>.</exception>
    public async Task<IReadOnlyList<InspectedAnchor>?> OfArtifactAsync(TenantId tenant, Digest artifact, bool refresh,
        CancellationToken cancel)
    {
        var entries = await EntriesOfAsync(tenant, artifact, cancel);
        if (entries.Count == 0) return null;
        var files = new List<AnchorFile>();
        foreach (var (epoch, seq, _) in entries)
        {
            foreach (var kind in (AnchorKind[])[AnchorKind.Payload, AnchorKind.Attestation])
                files.AddRange(await anchors.FilesAsync(tenant, epoch, kind, seq, null, null, cancel));
        }
        foreach (var (epoch, size) in entries.Where(e => e.Covering is not null).Select(e => (e.Epoch, e.Covering!.Value)).Distinct())
            files.AddRange(await anchors.FilesAsync(tenant, epoch, AnchorKind.Checkpoint, size, null, null, cancel));
        return await InspectAsync(tenant, [.. files.Take(Limits.Anchors)], refresh, cancel);
    }

    /// <summary>A bundle that the caller brought, by the keys of the tenant.</summary>
    /// <exception cref="Problems.LedgerProblemException">transparency-log-unavailable, refresh-limited or too-many-proofs, with
    /// <paramref name="refresh"/>.</exception>
    public async Task<InspectedAnchor> OfBundleAsync(TenantId tenant, SigstoreBundle bundle, bool refresh, CancellationToken cancel)
    {
        if (refresh) turns.Take(tenant, 1);
        var (shown, failure) = refresh ? await turns.RunAsync(token => proofs.RunAsync(bundle, null, token), cancel) : (bundle, null);
        await using var transaction = await database.BeginAsync(tenant, cancel);
        IReadOnlyList<Check> checks;
        if (bundle.Envelope is null)
        {
            var (anchorKeys, payloadKeys) = await AnchorExpectation.KeysAsync(transaction, tenant, null, cancel);
            checks = judge.Judge(shown, [.. anchorKeys, .. payloadKeys]);
        }
        else checks = judge.Judge(shown, await RegisteredKeyAsync(transaction, tenant, bundle.Hint, cancel));
        return new InspectedAnchor(null, refresh && failure is null, With(failure, checks));
    }

    private async Task<IReadOnlyList<InspectedAnchor>> InspectAsync(TenantId tenant, IReadOnlyList<AnchorFile> files, bool refresh,
        CancellationToken cancel)
    {
        if (!refresh) return await EachAsync(tenant, files, refresh, cancel);
        turns.Take(tenant, files.Count);
        return await turns.RunAsync(token => EachAsync(tenant, files, refresh, token), cancel);
    }

    private async Task<IReadOnlyList<InspectedAnchor>> EachAsync(TenantId tenant, IReadOnlyList<AnchorFile> files, bool refresh,
        CancellationToken cancel)
    {
        var inspected = new List<InspectedAnchor>();
        foreach (var (anchor, stored) in files)
        {
            var (bytes, failure) = (stored, (FailureCode?)null);
            if (refresh && SigstoreBundle.TryParse(stored, out var bundle, out _))
            {
                (bundle, failure) = await proofs.RunAsync(bundle, anchor.EntryId, cancel);
                bytes = failure is null ? bundle.ToBytes() : stored;
            }
            await using var transaction = await database.BeginAsync(tenant, cancel);
            var expected = await AnchorExpectation.ReadAsync(transaction, tenant, anchor, cancel);
            inspected.Add(new InspectedAnchor(anchor, refresh && failure is null, With(failure, judge.Judge(bytes, expected))));
        }
        return inspected;
    }

    // No fresh proof although one was asked for: the stored one may still hold, and is not what was asked.
    private static IReadOnlyList<Check> With(FailureCode? failure, IReadOnlyList<Check> checks) => failure is not { } code ? checks
        : [.. checks.Select(check => check.Name == CheckNames.LogInclusion ? Check.Fail(check.Name, code) : check)];

    private async Task<List<(int Epoch, long Seq, long? Covering)>> EntriesOfAsync(TenantId tenant, Digest artifact,
        CancellationToken cancel)
    {
        await using var transaction = await database.BeginAsync(tenant, cancel);
        await using var reader = await transaction.QueryAsync($"""
            SELECT e.epoch, e.seq, (SELECT a.position FROM {FirstAnchor.Sql} a)
              FROM chain_entries e WHERE e.tenant_id = $1 AND e.payload_hash = $2 ORDER BY e.epoch DESC, e.seq DESC LIMIT $3
            """, cancel, Text(tenant.Value), Hash(artifact), Int(EntriesOfArtifact));
        var entries = new List<(int, long, long?)>();
        while (await reader.ReadAsync(cancel)) entries.Add((reader.GetInt32(0), reader.GetInt64(1), reader.GetLongOrNull(2)));
        return entries;
    }

    // A hint is base64 of what a key's id is in hex. Revoked keys too: what they signed before stays.
    private static async Task<byte[]?> RegisteredKeyAsync(LedgerTransaction transaction, TenantId tenant, string? hint,
        CancellationToken cancel)
    {
        if (hint is null || !CanonicalBase64.TryDecodeDigest(hint, out var keyId)) return null;
        await using var reader = await transaction.QueryAsync(
            "SELECT k.spki FROM attestation_keys k WHERE k.tenant_id = $1 AND k.key_id = $2", cancel, Text(tenant.Value),
            Text(keyId.ToHex()));
        return await reader.ReadAsync(cancel) ? reader.GetFieldValue<byte[]>(0) : null;
    }
}
