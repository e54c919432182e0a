namespace Ledger.Core.Tests.House;

/// <summary>Row-level security would hide it if a statement forgot whose rows it is about: so what is written is looked at.</summary>
public sealed class TenantStatementTests
{
    private const int Fewest = 40;

    [Fact]
    public void Every_look_up_in_a_table_of_tenants_says_whose_row_it_means()
    {
        var lookUps = TenantStatement.All.Where(statement => statement.LooksUp).ToList();
        Assert.True(lookUps.Count >= Fewest, $"only {lookUps.Count} look-ups are seen");
        Assert.Empty(lookUps.Where(statement => !statement.NamesTheTenant).Select(statement => statement.Where));
    }

    [Theory]
    [InlineData("SELECT meta FROM chain_entries e WHERE e.tenant_id = $1 AND e.id = $2", true)]
    [InlineData("SELECT meta FROM chain_entries e JOIN chain_heads h ON h.tenant_id = e.tenant_id WHERE e.id = $2", false)]
    [InlineData("{Select} AND e.id = $2", true)]
    [InlineData("{Other.Select} AND e.id = $2", false)]
    public void A_look_up_that_leaves_it_to_the_database_would_be_seen(string sql, bool named)
    {
        var file = new SourceFile("Ledger.Core/Entries/Reader.cs", $$"""
            const string Select = "SELECT meta FROM chain_entries e WHERE e.tenant_id = $1";
            const string FindSql = $"{{sql}}";
            """);
        var other = new SourceFile("Ledger.Core/Entries/Other.cs",
            "const string Select = \"SELECT meta FROM chain_entries e WHERE true\";");
        var statement = Assert.Single(TenantStatement.Read([file, other]), statement => statement.LooksUp);
        Assert.Equal(("Ledger.Core/Entries/Reader.cs:2", named), (statement.Where, statement.NamesTheTenant));
    }
}
