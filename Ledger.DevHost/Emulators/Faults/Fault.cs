namespace Ledger.DevHost.Emulators.Faults;

/// <summary>The ways in which an emulator can be told to fail.</summary>
public enum FaultMode
{
    /// <summary>Answers as the real server does.</summary>
    Ok,

    /// <summary>The connection is aborted before any byte of an answer, as a dead server behind a proxy looks.</summary>
    Down,

    /// <summary>The right answer, but only after <see cref="Fault.Delay"/>.</summary>
    Slow,

    /// <summary>Status <see cref="Fault.Status"/> instead of the answer.</summary>
    ServerError,

    /// <summary>Headers and the first half of the body, then the connection is cut.</summary>
    Drop,

    /// <summary>Never any answer, until the caller goes away.</summary>
    Hang,

    /// <summary>429 with Retry-After, <see cref="Fault.RetryAfter"/>.</summary>
    TooManyRequests,

    /// <summary>Signatures that do not verify: Vault's, a log's (checkpoint and signed entry timestamp), a timestamp's.</summary>
    WrongSignature,

    /// <summary>Vault: a key read shows another public key for a known version, as after a swapped storage. Logs and timestamps: another
    /// key than the pinned one signs.</summary>
    WrongKey,

    /// <summary>Vault: the last item of every sign batch carries an error, the others are fine.</summary>
    BatchItemError,

    /// <summary>Vault: sealed, as after a restart of the real one; unsealing (or clearing the fault) ends it.</summary>
    Sealed,

    /// <summary>Rekor: one bit of the inclusion or consistency proof is another (a hash is added where there is none).</summary>
    WrongProof,

    /// <summary>Rekor: the right key signs another root for the same size.</summary>
    WrongRoot,

    /// <summary>Rekor: a true entry of the log with true proofs, but not the one that was asked for.</summary>
    OtherEntry,

    /// <summary>Rekor: the log answers as if its last entry had never been written.</summary>
    ShrunkTree,

    /// <summary>Rekor: the log answers from another history, of the same size and with proofs that fit: its first entry is
    /// another.</summary>
    ForkedTree,

    /// <summary>Rekor v1 and timestamps: times are wrong by <see cref="Fault.Skew"/>.</summary>
    ClockSkew,

    /// <summary>Rekor v2: no more writes, 405.</summary>
    Frozen,

    /// <summary>Rekor v2: 503, try again later.</summary>
    Pushback,

    /// <summary>Rekor v2: the duplicate check has forgotten everything, as after a restart without a persistent one.</summary>
    Forgetful,

    /// <summary>Timestamps: a good token, but of other bytes.</summary>
    WrongImprint,
}

/// <summary>One instruction to fail.</summary>
/// <param name="Mode">How.</param>
public sealed record Fault(FaultMode Mode)
{
    /// <summary>Only requests whose path begins so are hit; empty: all of them.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>How long <see cref="FaultMode.Slow"/> waits.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many requests are hit before it ends by itself; null: until it is cleared.</summary>
    public int? Count { get; init; }

    /// <summary>Status of <see cref="FaultMode.ServerError"/>.</summary>
    public int Status { get; init; } = 500;

    /// <summary>The work is done and only its answer lost: for <see cref="FaultMode.Down"/>, <see cref="FaultMode.Hang"/>,
    /// <see cref="FaultMode.ServerError"/> and <see cref="FaultMode.TooManyRequests"/>.</summary>
    public bool AfterWork { get; init; }

    /// <summary>What <see cref="FaultMode.TooManyRequests"/> asks for; whole seconds.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How far ahead the clock of <see cref="FaultMode.ClockSkew"/> is; negative: behind.</summary>
    public TimeSpan Skew { get; init; } = TimeSpan.FromMinutes(10);
}
