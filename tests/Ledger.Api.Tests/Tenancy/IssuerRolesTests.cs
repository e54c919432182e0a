using System.Security.Claims;
using Ledger.Api.Tenancy;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>Which roles an issuer's tokens may carry.</summary>
public sealed class IssuerRolesTests
{
    private const string Everything =
        """{"roles":["CLIENT_ADMIN","CLIENT_TECH","AUDITOR","PLATFORM_ADMIN","BILLING_OPERATOR","offline_access"]}""";

    [Fact]
    public void An_issuer_without_a_list_never_makes_a_platform_role() =>
        Assert.Equal(["CLIENT_ADMIN", "CLIENT_TECH", "AUDITOR"], Taken(new IssuerOptions()));

    [Fact]
    public void An_issuer_with_a_list_makes_those_roles_alone() =>
        Assert.Equal(["PLATFORM_ADMIN"], Taken(new IssuerOptions { Roles = { "PLATFORM_ADMIN" } }));

    [Fact]
    public void A_role_that_does_not_exist_is_a_fault()
    {
        var issuer = new IssuerOptions { Issuer = "https://idp.example.com/realms/x", Audience = "ledger-api",
            Roles = { "PLATFROM_ADMIN" } };
        Assert.Contains("PLATFROM_ADMIN", issuer.Fault(), StringComparison.Ordinal);
        issuer.Roles[0] = "PLATFORM_ADMIN";
        Assert.Null(issuer.Fault());
    }

    private static List<string> Taken(IssuerOptions issuer)
    {
        var identity = new ClaimsIdentity([new Claim("realm_access", Everything), new Claim(LedgerClaims.Role, "FORGED")], "test");
        Roles.TakeFrom(identity, issuer.AllowedRoles);
        return [.. identity.FindAll(LedgerClaims.Role).Select(claim => claim.Value)];
    }
}
