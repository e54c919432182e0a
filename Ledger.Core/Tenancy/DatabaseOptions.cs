using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace Ledger.Core.Tenancy;

/// <summary>The connection string named <c>ledger</c>.</summary>
public sealed class DatabaseOptions : IValidatableObject
{
    public const string Section = "ConnectionStrings";

    /// <summary>Npgsql keywords, e.g. <c>Host=db;Username=ledger_api;Password=…;Database=ledger</c>. Alias: CRDB_DSN, as a postgresql://
    /// URI.</summary>
    [Required(ErrorMessage = "ConnectionStrings:ledger is not set (alias CRDB_DSN), e.g. "
        + "Host=localhost;Username=ledger_api;Password=…;Database=ledger.")]
    public string Ledger { get; set; } = "";

    IEnumerable<ValidationResult> IValidatableObject.Validate(ValidationContext validationContext)
    {
        // Neither Npgsql's message nor the value itself: they may hold the password.
        if (!IsReadable()) yield return new ValidationResult("is not a connection string of Npgsql keywords with a Host.", ["ledger"]);
    }

    private bool IsReadable()
    {
        try { return new NpgsqlConnectionStringBuilder(Ledger).Host is { Length: > 0 }; }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException) { return false; }
    }
}
