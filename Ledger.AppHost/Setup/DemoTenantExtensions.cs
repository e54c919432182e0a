using Ledger.AppHost.Dependencies;
using Ledger.AppHost.Identity;
using Ledger.AppHost.Programs;

namespace Ledger.AppHost.Setup;

internal static class DemoTenantExtensions
{
    /// <summary>On this machine, the demo people's tenant, whose log anyone may read. It may be there already, which is fine.</summary>
    public static void AddDemoTenant(
        this IDistributedApplicationBuilder builder, LedgerDependencies on, IResourceBuilder<ProjectResource> after)
    {
        if (on.Local is null)
            return;
        builder.AddProject<Projects.Ledger_Workers>($"tenant-{RealmImportExtensions.Tenant}", launchProfileName: null)
            .WithIconName("PeopleTeam")
            .WithArgs("tenant", "add", RealmImportExtensions.Tenant, "--public")
            .WithOperatorSettings(on)
            .WaitForCompletion(after);
    }
}
