using System.Text.RegularExpressions;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;

namespace Ledger.Core.Anchoring;

/// <summary><c>Rekor:Logs:N</c>, in the environment <c>Rekor__Logs__0__Url</c> and so on.</summary>
public sealed partial class RekorLogOptions
{
    private const string PublicSigstore = ".sigstore.dev";

    /// <summary>Where its API is, e.g. <c>https://rekor.sigstore.dev</c>. Alias of the first: REKOR_SERVER_URL.</summary>
    public Uri? Url { get; set; }

    /// <summary>1 (default) or 2: which of Rekor's APIs it speaks.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The log's key, pinned: the text of a PEM public key, or the path of a file with it.</summary>
    public string? PublicKey { get; set; }

    /// <summary>The first line of a v2 log's checkpoints, required there. Of a v1 log the host name in them, compared where it is set.
    /// </summary>
    public string? Origin { get; set; }

    /// <summary>The most submissions in an hour, in the long run; 0 is without limit. Default 100 for *.sigstore.dev, elsewhere without.
    /// </summary>
    public int? SubmissionsPerHour { get; set; }

    /// <summary>The most submissions in ten minutes. Default twice what an hour may have.</summary>
    public int? SubmissionsPer10Minutes { get; set; }

    internal SubmissionBudget? Budget()
    {
        var isPublic = Url!.Host.EndsWith(PublicSigstore, StringComparison.OrdinalIgnoreCase);
        var perHour = SubmissionsPerHour ?? (isPublic ? SubmissionBudget.PublicSigstore.PerHour : 6 * (SubmissionsPer10Minutes ?? 0));
        return perHour == 0 ? null : new SubmissionBudget(perHour, SubmissionsPer10Minutes ?? 2 * perHour);
    }

    internal IEnumerable<string> Faults()
    {
        if (ServerUrl.Fault(Url, "https://rekor.example.com") is { } fault) yield return $"{nameof(Url)}: {fault}";
        if (Version is not (1 or 2)) yield return $"{nameof(Version)}: is 1 or 2, the version of Rekor's API, not {Version}.";
        if (KeyFault() is { } key) yield return $"{nameof(PublicKey)}: {key}";
        if (Version == 2 && string.IsNullOrEmpty(Origin))
            yield return $"{nameof(Origin)}: is not set: the first line of the log's checkpoints, e.g. log2025-1.rekor.sigstore.dev.";
        else if (Origin is { Length: > 0 } && !HostName().IsMatch(Origin))
            yield return $"{nameof(Origin)}: must be a host name as in the log's checkpoints, without scheme, port or path.";
        if (SubmissionsPerHour < 0) yield return $"{nameof(SubmissionsPerHour)}: must be 0 (without limit) or more.";
        if (SubmissionsPer10Minutes < 1) yield return $"{nameof(SubmissionsPer10Minutes)}: must be 1 or more.";
    }

    private string? KeyFault()
    {
        if (string.IsNullOrWhiteSpace(PublicKey))
            return "is not set: the log's public key as PEM, or the path of a PEM file. It is pinned.";
        if (!PemSetting.TryRead(PublicKey, out var pem, out var fault)) return fault;
        if (!Spki.TryReadPem(pem, out var spki)) return "is not one PEM block of a public key (-----BEGIN PUBLIC KEY-----).";
        if (LogKey.IsSupported(spki) && (Version == 2 || EcdsaP256.IsKey(spki))) return null;
        return Version == 2 ? "must be an Ed25519 or an ECDSA P-256 key." : "must be an ECDSA P-256 key.";
    }

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\z")]
    private static partial Regex HostName();
}
