namespace Ledger.DevHost.OneEmulator;

/// <summary>What `emulator NAME` asked for.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
internal sealed record EmulatorChoice(string Name)
{
    public const string PortVariable = "EMULATOR_PORT";

    public static readonly IReadOnlyList<string> Names = ["vault", "keycloak", "rekor", "rekor2", "tsa", "smtp", "s3"];

    /// <summary>`--port N`; null: by <see cref="PortVariable"/>, else any free one.</summary>
    public int? Port { get; init; }

    /// <summary>`--state DIR`; null: below `.ledger/emulators`, in the current folder.</summary>
    public string? State { get; init; }

    /// <summary>`--realms DIR`, full path; null: the ledger's own with the demo people.</summary>
    public string? Realms { get; init; }
}
