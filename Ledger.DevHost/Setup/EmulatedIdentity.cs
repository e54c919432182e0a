using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.DevHost.Emulators.Keycloak.Import;

namespace Ledger.DevHost.Setup;

/// <summary>The Keycloak emulator with our realm files and generated secrets, or with the files of `--realms` and the secrets of the
/// environment.</summary>
internal sealed class EmulatedIdentity(EmulatorOptions emulator, StateFolder state, string? realms) : IAsyncDisposable
{
    private static readonly (string Name, string About)[] Demo =
    [
        ("LEDGER_DEMO_ADMIN_PASSWORD", "of demo-admin: CLIENT_ADMIN of tenant demo"),
        ("LEDGER_DEMO_TECH_PASSWORD", "of demo-tech: CLIENT_TECH of tenant demo"),
        ("LEDGER_DEMO_AUDITOR_PASSWORD", "of demo-auditor: AUDITOR of tenant demo"),
        ("LEDGER_OTHER_TECH_PASSWORD", "of other-tech: CLIENT_TECH of tenant other"),
        ("LEDGER_PLAT_ADMIN_PASSWORD", "of plat-admin in realm ledger-platform: PLATFORM_ADMIN"),
        ("LEDGER_PLAT_ADMIN_TOTP", "key of plat-admin's one-time codes, the bytes themselves"),
        ("LEDGER_PLAT_BILLING_PASSWORD", "of plat-billing in realm ledger-platform: BILLING_OPERATOR"),
        ("LEDGER_MACHINE_SECRET", "of client ledger-machine in realm ledger: a machine of tenant demo"),
    ];

    private KeycloakEmulator? _keycloak;

    /// <exception cref="SetupFailed">A realm file that a Keycloak would not start with, or not the two realms.</exception>
    public async Task<IdentityAccess> StartAsync(CancellationToken ct)
    {
        var secrets = new Secrets(state);
        var options = realms is null
            ? new KeycloakOptions { RealmsDirectory = RealmFiles.Development, Environment = secrets.OfRealmFiles, KeepUsers = true }
            : new KeycloakOptions { RealmsDirectory = realms, Environment = Environment.GetEnvironmentVariable };
        try
        {
            _keycloak = await KeycloakEmulator.StartAsync(emulator, options, ct);
            return new IdentityAccess(_keycloak.Address, _keycloak.Issuer(IdentityAccess.Realm),
                _keycloak.Issuer(IdentityAccess.PlatformRealm), Tokens(_keycloak))
            {
                WorkersSecret = options.Environment("LEDGER_WORKERS_SECRET"),
                PlatformSecret = options.Environment("LEDGER_PLATFORM_WORKERS_SECRET"),
                Clients = realms is null ? ["ledger-portal", "ledger-cli", "ledger-machine", IdentityAccess.DeveloperClient] : [],
                PlatformClients = realms is null ? ["ledger-console", IdentityAccess.DeveloperClient] : [],
                Demo = realms is null ? [.. Demo.Select(one => new DemoSecret(one.Name, secrets.Of(one.Name), one.About))] : [],
            };
        }
        catch (RealmImportException e)
        {
            throw new SetupFailed($"the realm files in {options.RealmsDirectory}: {e.Message}", e);
        }
        catch (ArgumentException e) when (realms is not null)
        {
            throw new SetupFailed(
                $"--realms: {realms} has to have the realms {IdentityAccess.Realm} and {IdentityAccess.PlatformRealm}", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_keycloak is not null)
            await _keycloak.DisposeAsync();
    }

    private DeveloperTokens Tokens(KeycloakEmulator keycloak) => new(
        Mint(keycloak, Programs.PublicTenant, "CLIENT_TECH"),
        Mint(keycloak, Programs.OtherTenant, "CLIENT_TECH"),
        Mint(keycloak, Programs.PublicTenant, "CLIENT_ADMIN"),
        Mint(keycloak, Programs.PublicTenant, "AUDITOR"),
        Mint(keycloak, null, "PLATFORM_ADMIN"),
        Mint(keycloak, null, "BILLING_OPERATOR"),
        Mint(keycloak, Programs.OtherTenant, "CLIENT_ADMIN"));

    /// <summary>A developer's token lives for 30 days, so that a shell left open over a holiday still works.</summary>
    private string Mint(KeycloakEmulator keycloak, string? tenant, string role) =>
        keycloak.MintToken(tenant is null ? IdentityAccess.PlatformRealm : IdentityAccess.Realm, new TokenRequest
        {
            Subject = $"devhost-{tenant ?? "platform"}-{role.ToLowerInvariant().Replace('_', '-')}",
            Azp = IdentityAccess.DeveloperClient,
            Roles = [role],
            Tenant = tenant,
            Lifetime = TimeSpan.FromDays(30),
            AuthTime = emulator.Time.GetUtcNow(),
        });
}
