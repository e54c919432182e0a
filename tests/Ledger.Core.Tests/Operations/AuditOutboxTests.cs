using System.Text;
using Ledger.Core.Operations;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Operations;

public sealed class AuditOutboxTests
{
    [Fact]
    public void An_event_is_canonical_JSON_that_names_its_tenant_and_instant()
    {
        var bytes = new AuditEvent("a\"ä", "entry.meta.erase", "0193")
            .ToBytes(TenantId.Parse("demo"), new DateTimeOffset(2026, 11, 22, 10, 0, 0, TimeSpan.Zero).AddTicks(1234567));
        Assert.Equal("""{"action":"entry.meta.erase","actor":"a\"ä","at":"2026-11-22T10:00:00.123456Z","target":"0193","tenant":"demo"}""",
            Encoding.UTF8.GetString(bytes));
    }

    [PostgresFact]
    public async Task An_event_is_there_when_what_it_tells_of_is_and_not_otherwise()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        foreach (var commit in new[] { false, true })
        {
            await using var transaction = await ledger.Api.Database.BeginAsync(LedgerUnderTest.Demo, CancellationToken.None);
            await transaction.ExecuteAsync("UPDATE chain_heads SET next_seq = 0", CancellationToken.None);
            await ledger.Api.Audit.WriteAsync(transaction, LedgerUnderTest.Demo,
                new AuditEvent("alice", "test.act", commit ? "kept" : "lost"), CancellationToken.None);
            if (commit) await transaction.CommitAsync(CancellationToken.None);
        }
        Assert.Equal(["kept"], await ledger.ListAsync("SELECT convert_from(event, 'UTF8')::json ->> 'target' FROM audit_outbox"));
    }
}
