using Ledger.Core.Problems;
using Ledger.Core.Tenancy;
using Microsoft.Extensions.Logging;

namespace Ledger.Core.Signing;

/// <summary>A signature and the key it verifies under, or why there is none.</summary>
public readonly record struct SignOutcome(SigningKey? Key, byte[]? Signature, LedgerProblem? Problem);

/// <summary>Vault's signatures, each checked here under the recorded public key before anybody stores it.</summary>
public sealed class VerifiedSigner(VaultTransit vault, SigningKeyRegistry keys, ILogger<VerifiedSigner> log,
    SignerMetrics? metrics = null)
{
    // Below this many, starting other threads costs more than the verifying.
    private const int ParallelFrom = 64;

    /// <summary>Signs messages (Ed25519) or SHA-256 digests (ECDSA) in one Vault call. Item failures are in the outcomes.</summary>
    /// <param name="version">Of the key in Vault; null: the newest.</param>
    /// <exception cref="LedgerProblemException">signer-unavailable, signer-key-changed: nothing was signed.</exception>
    public async Task<SignOutcome[]> SignAsync(
        string vaultName, KeyPurpose purpose, TenantId? owner, IReadOnlyList<byte[]> messages, CancellationToken cancel,
        int? version = null)
    {
        var answers = await AskAsync(vaultName, purpose, messages, version, cancel);
        var versions = new Dictionary<int, SigningKey?>(); // null: a version that Vault names and does not show
        foreach (var answer in answers)
        {
            if (answer.Signature is null || versions.ContainsKey(answer.KeyVersion)) continue;
            try { versions[answer.KeyVersion] = await keys.ResolveAsync(vaultName, answer.KeyVersion, purpose, owner, cancel); }
            catch (LedgerProblemException e) when (e.Problem.Type == ProblemTypes.SignerInvalid) { versions[answer.KeyVersion] = null; }
        }

        var outcomes = new SignOutcome[answers.Length];
        void Check(int i) => outcomes[i] = Outcome(answers[i], versions, messages[i]);
        if (answers.Length < ParallelFrom) for (var i = 0; i < answers.Length; i++) Check(i);
        else Parallel.For(0, answers.Length, Check);

        if (outcomes.FirstOrDefault(o => o.Problem is not null).Problem is { } problem)
        {
            metrics?.Refused(purpose);
            log.LogError("vault sign: {VaultName}: {Detail}", vaultName, problem.Detail);
            // A wrong signature may mean that the key behind the version was replaced: then that is the finding, and it stops everything.
            if (problem.Type == ProblemTypes.SignerInvalid) await keys.SynchronizeAsync(vaultName, purpose, owner, cancel);
        }
        return outcomes;
    }

    private async Task<VaultSignature[]> AskAsync(
        string vaultName, KeyPurpose purpose, IReadOnlyList<byte[]> messages, int? version, CancellationToken cancel)
    {
        var call = metrics?.Start(purpose) ?? default;
        try
        {
            var answers = await vault.SignAsync(vaultName, purpose, messages, cancel, version);
            call.Succeeded();
            return answers;
        }
        catch (Exception e)
        {
            call.Threw(e, cancel);
            throw;
        }
    }

    private static SignOutcome Outcome(VaultSignature answer, Dictionary<int, SigningKey?> versions, byte[] message)
    {
        if (answer.Signature is null)
            return new(null, null,
                new LedgerProblem(ProblemTypes.SignerUnavailable, "The signer refused this item; nothing was written for it."));
        return versions[answer.KeyVersion] is { } key && key.Verifies(message, answer.Signature)
            ? new(key, answer.Signature, null)
            : new(null, null,
                new LedgerProblem(ProblemTypes.SignerInvalid, "The signer's signature does not verify; nothing was written for it."));
    }
}
