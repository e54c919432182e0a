namespace Ledger.Verify.Entries;

/// <summary>The rule for a tenant's id where a verifier meets it; who may register which id is the server's affair.</summary>
internal static class TenantId
{
    /// <summary><c>[a-z0-9][a-z0-9-]*</c>, up to 63 characters: 54 of a tenant's own and room for <c>receipts-</c>.</summary>
    public static bool IsValid(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        if (tenant.Length is 0 or > Limits.TenantIdCharacters || tenant[0] == '-') return false;
        foreach (var c in tenant)
        {
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterLower(c) && c != '-') return false;
        }

        return true;
    }
}
