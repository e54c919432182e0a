using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;
using Npgsql;

namespace Ledger.Core.Tests.Entries;

/// <summary>A closed epoch is never appended to, however late a process learns of the new one.</summary>
public sealed class EpochTests
{
    private static readonly TenantId Demo = LedgerUnderTest.Demo;

    private const string OpenSecond = """
        SELECT 1 FROM chain_heads WHERE tenant_id = 'demo' AND epoch = 1 FOR UPDATE;
        INSERT INTO chain_heads (tenant_id, epoch, origin, opened_at) VALUES ('demo', 2, 'ledger.test/log/demo/2', now());
        UPDATE tenants SET current_epoch = 2 WHERE tenant_id = 'demo';
        """;

    [PostgresFact]
    public async Task A_process_that_remembers_the_old_epoch_appends_to_the_new_one()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        await ledger.SqlAsync(OpenSecond);

        var entry = await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"));

        Assert.Equal((2, 0), (entry.Epoch, entry.Seq));
        Assert.Equal(entry.LeafHash, entry.ToLeaf("ledger.test/log/demo/2").Hash());
        Assert.Equal(entry.Id, (await ledger.Api.AppendAsync(Demo, "s", LedgerUnderTest.Claim("k"))).Id);
        var page = await ledger.Api.Reader.ListAsync(Demo, new(), null, 1, CancellationToken.None);
        Assert.Equal(2, page.Items[0].Entry.Epoch);
        Assert.Equal(1, (await ledger.Api.Reader.ListAsync(Demo, new(), page.NextCursor, 1, CancellationToken.None)).Items[0].Entry.Epoch);
    }

    [PostgresFact]
    public async Task An_append_that_waited_for_the_head_while_the_epoch_changed_does_not_enter_the_closed_one()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        await using var source = NpgsqlDataSource.Create(ledger.Database.Owner);
        await using var person = await source.OpenConnectionAsync();
        await using var opening = await person.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand(OpenSecond, person, opening)) await command.ExecuteNonQueryAsync();

        var appending = ledger.Api.AppendAsync(Demo);
        await ledger.WaitForLockAsync(appending);
        await opening.CommitAsync();

        Assert.Equal((2, 0), ((await appending).Epoch, (await appending).Seq));
        Assert.Equal(1, await ledger.CheckLogAsync(Demo));
    }

    [PostgresFact]
    public async Task A_tenant_suspended_while_an_append_waits_for_the_head_does_not_write_any_more()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        await ledger.Api.AppendAsync(Demo);
        await using var source = NpgsqlDataSource.Create(ledger.Database.Owner);
        await using var person = await source.OpenConnectionAsync();
        await using var suspending = await person.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("""
            SELECT 1 FROM chain_heads WHERE tenant_id = 'demo' FOR UPDATE; UPDATE tenants SET state = 'suspended' WHERE tenant_id = 'demo'
            """, person, suspending)) await command.ExecuteNonQueryAsync();

        var appending = ledger.Api.AppendAsync(Demo);
        await ledger.WaitForLockAsync(appending);
        await suspending.CommitAsync();

        Assert.Equal(Core.Problems.ProblemTypes.TenantSuspended, (await LedgerUnderTest.ProblemOfAsync(() => appending)).Type);
        Assert.Equal(1, await ledger.CheckLogAsync(Demo));
    }
}
