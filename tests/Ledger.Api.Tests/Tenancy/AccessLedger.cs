using Ledger.Api.Tests.ApiKeys;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Tenancy;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>A ledger whose issuer also makes service accounts, with one tenant that has everything and one that has nothing.</summary>
public sealed class AccessLedger : ApiUnderTest, IAsyncLifetime
{
    internal FullTenant Full { get; private set; } = null!;

    internal string Other { get; private set; } = "";

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        if (new PostgresFactAttribute().Skip is not null) return;
        (Full, Other) = (await FullTenant.MakeAsync(this), await AddTenantAsync());
    }

    public override Task DisposeAsync()
    {
        Full?.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>Changes a tenant's rows past the API, which hears of it at once.</summary>
    internal async Task ChangeAsync(string sql, string tenant)
    {
        await using var command = Owner.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenant });
        Assert.True(await command.ExecuteNonQueryAsync() > 0, "nothing changed");
        Api.Services.GetRequiredService<TenantStandings>().Forget(TenantId.Parse(tenant));
    }

    internal override Task AddSettingsAsync(Dictionary<string, string> settings, TempFolder place)
    {
        for (var i = 0; i < TestKeys.AllScopes.Length; i++) settings[$"Identity:Issuers:0:Roles:{5 + i}"] = TestKeys.AllScopes[i];
        return Task.CompletedTask;
    }
}
