using Ledger.AppHost.Parameters;

namespace Ledger.AppHost.Identity;

internal static class RealmImportExtensions
{
    /// <summary>The tenant that the example machine and the demo people belong to.</summary>
    public const string Tenant = "demo";

    /// <summary>From the AppHost's folder: the product's realms with the demo people.</summary>
    public const string Realms = "Realms/Development";

    /// <summary>What <c>${NAME}</c> in the realm files stands for. Keycloak keeps a placeholder that is not set, so every one is.</summary>
    public static IResourceBuilder<T> WithRealmSecrets<T>(this IResourceBuilder<T> builder, LedgerSecrets secrets)
        where T : IResourceWithEnvironment =>
        builder
            .WithEnvironment("LEDGER_WORKERS_SECRET", secrets.KeycloakWorkersSecret)
            .WithEnvironment("LEDGER_PLATFORM_WORKERS_SECRET", secrets.KeycloakPlatformSecret)
            .WithEnvironment("LEDGER_MACHINE_SECRET", secrets.KeycloakMachineSecret)
            .WithEnvironment("LEDGER_MACHINE_TENANT", Tenant)
            .WithEnvironment("LEDGER_DEMO_ADMIN_PASSWORD", secrets.DemoPassword)
            .WithEnvironment("LEDGER_DEMO_TECH_PASSWORD", secrets.DemoPassword)
            .WithEnvironment("LEDGER_DEMO_AUDITOR_PASSWORD", secrets.DemoPassword)
            .WithEnvironment("LEDGER_OTHER_TECH_PASSWORD", secrets.DemoPassword)
            .WithEnvironment("LEDGER_PLAT_ADMIN_PASSWORD", secrets.DemoPassword)
            .WithEnvironment("LEDGER_PLAT_ADMIN_TOTP", secrets.DemoTotp)
            .WithEnvironment("LEDGER_PLAT_BILLING_PASSWORD", secrets.DemoPassword);
}
