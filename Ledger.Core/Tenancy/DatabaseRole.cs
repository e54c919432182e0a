namespace Ledger.Core.Tenancy;

/// <summary>The group roles of the schema (Migrations/009_roles.sql). Every transaction takes one on,
/// whatever its login could do besides.</summary>
public enum DatabaseRole
{
    /// <summary>API: one tenant's rows.</summary>
    App,

    /// <summary>Workers: also across tenants on the tables their loops claim from.</summary>
    Worker,

    /// <summary>API, for operators: reads across tenants, and gives dead letters back to the queue or up.</summary>
    Admin,

    /// <summary>Set-up and runbooks: everything, within the guards.</summary>
    Owner,
}

internal static class DatabaseRoles
{
    public static string SqlName(this DatabaseRole role) => role switch
    {
        DatabaseRole.App => "ledger_app",
        DatabaseRole.Worker => "ledger_worker",
        DatabaseRole.Admin => "ledger_admin",
        _ => "ledger_owner",
    };
}
