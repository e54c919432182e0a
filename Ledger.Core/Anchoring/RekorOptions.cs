namespace Ledger.Core.Anchoring;

/// <summary>Section <c>Rekor</c>: the transparency logs, primary first. None: nothing is anchored.</summary>
public sealed class RekorOptions
{
    public const string Section = "Rekor";

    public IList<RekorLogOptions> Logs { get; } = [];
}

/// <summary><c>Rekor:Logs:N</c>, in the environment <c>Rekor__Logs__0__Url</c> and so on.</summary>
public sealed class RekorLogOptions
{
    /// <summary>Where its API is, e.g. <c>https://rekor.sigstore.dev</c>. Alias of the first: REKOR_SERVER_URL.</summary>
    public Uri? Url { get; set; }

    /// <summary>1 (default) or 2: which of Rekor's APIs it speaks.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The log's key, pinned: the text of a PEM public key, or the path of a file with it.</summary>
    public string? PublicKey { get; set; }

    /// <summary>The first line of a v2 log's checkpoints, required there. Of a v1 log the host name in them, compared where it is set.
    /// </summary>
    public string? Origin { get; set; }

    /// <summary>The most submissions in an hour; 0 is without limit. Default 100 for *.sigstore.dev, else without.</summary>
    public int? SubmissionsPerHour { get; set; }

    /// <summary>The most submissions in ten minutes. Default 200 for *.sigstore.dev.</summary>
    public int? SubmissionsPer10Minutes { get; set; }
}
