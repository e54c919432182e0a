using System.Net;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.Problems;
using Ledger.Testing.Attributes;
using Ledger.Verify.Verification;

namespace Ledger.Api.Tests.Entries;

public class ErasureTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    [PostgresFact]
    public async Task Erasing_drops_meta_and_salt_and_keeps_every_proof()
    {
        var tenant = await ledger.AddTenantAsync();
        var entry = await ledger.AppendAsync(tenant, meta: new { name = "Erika Mustermann" });
        await ledger.AppendAsync(tenant);
        await ledger.CoverAsync();
        var trust = await Trust.OfAsync(ledger, tenant);
        Assert.NotNull((await Trust.BundleAsync(ledger, tenant, entry.Id)).Bundle.Meta);

        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        using var erased = await admin.DeleteAsync(new Uri($"/entries/{entry.Id}/meta", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, erased.StatusCode);

        var after = await admin.GetJsonAsync($"/entries/{entry.Id}");
        Assert.True(after.GetProperty("meta_erased").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, after.GetProperty("meta").ValueKind);
        var (_, bundle) = await Trust.BundleAsync(ledger, tenant, entry.Id);
        Assert.Null(bundle.Meta);
        Assert.Equal(Verdict.VerifiedNotAnchored, Trust.Judge(trust, bundle).Verdict);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync(new Uri("/chain/proof?full=true", UriKind.Relative))).StatusCode);
        Assert.Equal(1, await ledger.CountAsync("entry_meta", tenant));
    }

    [PostgresFact]
    public async Task Erasing_is_audited_once_and_may_be_repeated()
    {
        var tenant = await ledger.AddTenantAsync();
        var entry = await ledger.AppendAsync(tenant);
        await ledger.DrainAuditAsync();
        var before = await ledger.CountAsync("chain_entries", "platform-audit");
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        for (var i = 0; i < 2; i++)
        {
            using var erased = await admin.DeleteAsync(new Uri($"/entries/{entry.Id}/meta", UriKind.Relative));
            Assert.Equal(HttpStatusCode.NoContent, erased.StatusCode);
        }
        await ledger.DrainAuditAsync();
        Assert.Equal(before + 1, await ledger.CountAsync("chain_entries", "platform-audit"));
        await using var last = ledger.Owner.CreateCommand(
            "SELECT convert_from(meta, 'UTF8') FROM ledger.entry_meta WHERE tenant_id = 'platform-audit' ORDER BY seq DESC LIMIT 1");
        var recorded = (string)(await last.ExecuteScalarAsync())!;
        Assert.Contains(entry.Id, recorded, StringComparison.Ordinal);
        Assert.Contains("alice", recorded, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task What_is_not_there_cannot_be_erased()
    {
        using var admin = ledger.ClientFor(await ledger.AddTenantAsync(), "CLIENT_ADMIN");
        using var answer = await admin.DeleteAsync(new Uri("/entries/0192f0a5-3f3e-7c58-8f3b-0d9d5f2a1c77/meta", UriKind.Relative));
        await answer.IsProblemAsync(ProblemTypes.NotFound);
    }
}
