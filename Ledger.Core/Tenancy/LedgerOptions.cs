using System.ComponentModel.DataAnnotations;

namespace Ledger.Core.Tenancy;

/// <summary>Section <c>Ledger</c>.</summary>
public sealed class LedgerOptions
{
    public const string Section = "Ledger";

    /// <summary>The name of this ledger, the first part of every origin: a host name without scheme, port, blank or '+'.
    /// Cannot change once a log is open.</summary>
    [Required, RegularExpression(@"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?",
        ErrorMessage = "Ledger:LogName must be a lower-case host name, e.g. ledger.example.com.")]
    public string LogName { get; set; } = "";

    /// <summary>The origin of a tenant's log: <c>ledger.example.com/log/demo</c>, from epoch 2 <c>…/demo/2</c>.</summary>
    public string OriginOf(TenantId tenant, int epoch) => epoch == 1 ? $"{LogName}/log/{tenant}" : $"{LogName}/log/{tenant}/{epoch}";
}
