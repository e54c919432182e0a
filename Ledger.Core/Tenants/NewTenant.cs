using System.Security.Cryptography;
using System.Text.Json;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Tenants;

/// <summary>A tenant as an operator asks for it.</summary>
/// <param name="Name">As people call it, 1 to <see cref="TenantText.NameCharacters"/> characters; null for none.</param>
/// <param name="IsPublic">Whether everybody may read its log.</param>
/// <param name="Admin">Who is invited as its first CLIENT_ADMIN; null for nobody.</param>
public sealed record NewTenant(TenantId Tenant, string? Name, bool IsPublic, FirstAdmin? Admin)
{
    /// <summary>What tells the same request from another for the same tenant: SHA-256 over all of it.</summary>
    /// <remarks>Raw: <c>["acme","Acme Ltd",false,"ann@example.com","Ann","Example"]</c></remarks>
    public byte[] RequestHash() => SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        new object?[] { Tenant.Value, Name, IsPublic, Admin?.Email, Admin?.FirstName, Admin?.LastName }));
}

/// <param name="Email">Where the invitation goes.</param>
public sealed record FirstAdmin(string Email, string FirstName, string LastName);

/// <summary>How long what operators write about a tenant may be.</summary>
public static class TenantText
{
    public const int NameCharacters = 200;

    public const int ReasonCharacters = 500;
}
