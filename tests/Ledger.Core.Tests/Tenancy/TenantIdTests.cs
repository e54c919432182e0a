using Ledger.Core.Tenancy;

namespace Ledger.Core.Tests.Tenancy;

public sealed class TenantIdTests
{
    [Theory]
    [InlineData("a", false)]
    [InlineData("0-", false)]
    [InlineData("demo", false)]
    [InlineData("platform-audit", true)]
    [InlineData("receipts-demo", true)]
    [InlineData("receipts", false)]
    public void A_tenant_id_is_lower_case_letters_digits_and_hyphens(string text, bool reserved)
    {
        Assert.True(TenantId.TryParse(text, out var tenant));
        Assert.Equal((text, reserved), (tenant.Value, tenant.IsReserved));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("A")]
    [InlineData("a_b")]
    [InlineData("a\n")]
    [InlineData("a'; DROP TABLE tenants; --")]
    [InlineData("ä")]
    [InlineData("٣")]
    public void Anything_else_is_not(string? text)
    {
        Assert.False(TenantId.TryParse(text, out _));
        if (text is not null) Assert.Throws<FormatException>(() => TenantId.Parse(text));
    }

    [Fact]
    public void A_tenant_id_has_at_most_54_characters_beside_the_receipts_prefix()
    {
        var most = new string('a', 54);
        Assert.True(TenantId.TryParse(most, out _));
        Assert.False(TenantId.TryParse(most + "a", out _));
        Assert.True(TenantId.TryParse("receipts-" + most, out _));
        Assert.False(TenantId.TryParse("receipts-" + most + "a", out _));
    }

    [Fact]
    public void The_default_is_no_tenant() => Assert.Throws<InvalidOperationException>(() => default(TenantId).Value);

    [Fact]
    public void An_origin_names_the_epoch_from_the_second_on()
    {
        var options = new LedgerOptions { LogName = "ledger.localhost" };
        Assert.Equal("ledger.localhost/log/demo", options.OriginOf(TenantId.Parse("demo"), 1));
        Assert.Equal("ledger.localhost/log/demo/2", options.OriginOf(TenantId.Parse("demo"), 2));
    }
}
