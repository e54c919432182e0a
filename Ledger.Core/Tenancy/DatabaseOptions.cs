using System.ComponentModel.DataAnnotations;

namespace Ledger.Core.Tenancy;

/// <summary>The connection string named <c>ledger</c>.</summary>
public sealed class DatabaseOptions
{
    public const string Section = "ConnectionStrings";

    /// <summary>Npgsql keywords, e.g. <c>Host=db;Username=ledger_api;Password=…;Database=ledger</c>. Alias: CRDB_DSN, as a postgresql://
    /// URI.</summary>
    [Required(ErrorMessage = "ConnectionStrings:ledger is not set (alias CRDB_DSN), e.g. "
        + "Host=localhost;Username=ledger_api;Password=…;Database=ledger.")]
    public string Ledger { get; set; } = "";
}
