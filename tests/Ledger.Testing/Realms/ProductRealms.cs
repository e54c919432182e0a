using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;

namespace Ledger.Testing.Realms;

/// <summary>A Keycloak emulator with the realm files of production: nobody in them, and clients with one and the same secret.</summary>
public static class ProductRealms
{
    /// <summary>Of every client that has one.</summary>
    public const string Secret = "a-secret-of-the-tests";

    /// <summary>Whose machine `ledger-machine` is.</summary>
    public const string MachineTenant = "demo";

    /// <summary>Starts it with a state folder and a port (0: any free one) of the test's.</summary>
    public static Task<KeycloakEmulator> StartAsync(string stateDirectory, int port = 0) => KeycloakEmulator.StartAsync(
        new EmulatorOptions { StateDirectory = stateDirectory, Port = port },
        new KeycloakOptions { RealmsDirectory = RepositoryPath.Of("Ledger.AppHost", "Realms"), Environment = ValueOf },
        CancellationToken.None);

    private static string? ValueOf(string name) => name == "LEDGER_MACHINE_TENANT" ? MachineTenant
        : name.EndsWith("_SECRET", StringComparison.Ordinal) ? Secret
        : null;
}
