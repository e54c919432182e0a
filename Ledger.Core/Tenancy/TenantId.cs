using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Ledger.Core.Tenancy;

/// <summary>The name of a tenant, e.g. <c>demo</c>: <c>[a-z0-9][a-z0-9-]{0,53}</c>.
/// Safe to put between quotes in SQL because it is checked here.</summary>
public readonly partial record struct TenantId
{
    /// <summary>The reserved tenant whose log is the audit trail.</summary>
    public static readonly TenantId PlatformAudit = new("platform-audit");

    private readonly string? value;

    private TenantId(string value) => this.value = value;

    public string Value => value ?? throw new InvalidOperationException("An empty tenant id.");

    /// <summary><c>platform-*</c> and <c>receipts-*</c> belong to the service: nobody may ask for one.</summary>
    public bool IsReserved =>
        Value.StartsWith("platform-", StringComparison.Ordinal) || Value.StartsWith("receipts-", StringComparison.Ordinal);

    public static bool TryParse([NotNullWhen(true)] string? text, out TenantId tenant)
    {
        var ok = text is not null && Pattern().IsMatch(text);
        tenant = ok ? new TenantId(text!) : default;
        return ok;
    }

    public static TenantId Parse(string text) =>
        TryParse(text, out var tenant) ? tenant : throw new FormatException($"'{text}' is not a tenant id: [a-z0-9][a-z0-9-]{{0,53}}.");

    public override string ToString() => value ?? "";

    [GeneratedRegex(@"\A(receipts-)?[a-z0-9][a-z0-9-]{0,53}\z")]
    private static partial Regex Pattern();
}
