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

    /// <summary>Vault: signatures that do not verify.</summary>
    WrongSignature,

    /// <summary>Vault: a key read shows another public key for a known version, as after a swapped storage.</summary>
    WrongKey,

    /// <summary>Vault: the last item of every sign batch carries an error, the others are fine.</summary>
    BatchItemError,

    /// <summary>Vault: sealed, as after a restart of the real one; unsealing (or clearing the fault) ends it.</summary>
    Sealed,
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
}
