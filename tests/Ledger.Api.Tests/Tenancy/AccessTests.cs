using System.Collections.Concurrent;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>Every operation, asked by every kind of caller about its own tenant and another's: the answers are the table's.</summary>
public class AccessTests(AccessLedger ledger) : IClassFixture<AccessLedger>
{
    private const int AtOnce = 8;

    private static readonly string[] LetIn = ["2xx", "400", "404", "409"];

    [PostgresFact]
    public async Task Every_caller_is_let_in_or_refused_as_the_table_says()
    {
        var wrong = new ConcurrentQueue<string>();
        var asked = 0;
        foreach (var (tenant, isOwn) in new[] { (ledger.Full.Name, true), (ledger.Other, false) })
        {
            foreach (var caller in Caller.All)
            {
                using var client = await caller.ClientAsync(ledger, tenant);
                await Parallel.ForEachAsync(AccessTable.Operations, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                    async (operation, cancel) =>
                    {
                        Interlocked.Increment(ref asked);
                        var (answer, expected) = (await AskAsync(client, operation, cancel), Expected(operation, caller, isOwn));
                        if (!expected.Contains(answer))
                            wrong.Enqueue($"{caller.Name} of {(isOwn ? "the tenant" : "another tenant")}: {operation}: {answer}, not "
                                + string.Join(" or ", expected));
                    });
            }
        }
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Order(StringComparer.Ordinal)));
        Assert.Equal(2 * Caller.All.Count * AccessTable.Operations.Count, asked);
    }

    [PostgresFact]
    public async Task A_suspended_tenant_reads_does_what_the_table_marks_and_nothing_else()
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.ChangeAsync("UPDATE ledger.tenants SET state = 'suspended', suspended_at = created_at, suspended_reason = 'unpaid' "
            + "WHERE tenant_id = $1", tenant);
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        foreach (var operation in AccessTable.Operations.Where(operation => operation.IsOfTenant))
        {
            var answer = await AskAsync(admin, operation, CancellationToken.None);
            if (operation.Reads || operation.Marks.HasFlag(Marks.WhenSuspended)) Assert.Contains(answer, LetIn);
            else Assert.True(answer == "403 tenant-suspended", $"{operation}: {answer}");
        }
    }

    [PostgresFact]
    public async Task Whom_the_tenant_disabled_is_out_whatever_the_token()
    {
        var tenant = await ledger.AddTenantAsync();
        await ledger.JoinedAsync(tenant, "gone@example.com");
        await ledger.ChangeAsync("UPDATE ledger.people SET enabled = false WHERE tenant_id = $1", tenant);
        var claims = ledger.Issuer.Claims(tenant, "CLIENT_ADMIN");
        claims["sub"] = "subject-gone@example.com";
        using var gone = ledger.Api.Client(ledger.Issuer.Sign(claims));
        foreach (var operation in AccessTable.Operations.Where(operation => operation.IsOfTenant))
        {
            var answer = await AskAsync(gone, operation, CancellationToken.None);
            Assert.True(answer == "401", $"{operation}: {answer}");
        }
        foreach (var (client, status) in new[] { (gone, 404), (ledger.ClientFor(tenant, "AUDITOR"), 200) })
        {
            using var log = await client.GetAsync(new Uri($"/log/{tenant}/keys", UriKind.Relative));
            Assert.Equal(status, (int)log.StatusCode);
        }
    }

    [PostgresFact]
    public async Task A_tenant_that_is_being_opened_is_no_tenant_yet()
    {
        const string tenant = "asked-for";
        using var platform = ledger.ClientFor(null, "PLATFORM_ADMIN");
        using var asked = await platform.PostAsync(new Uri("/admin/api/v1/tenants", UriKind.Relative),
            Answers.Json($$"""{"tenant":"{{tenant}}"}"""));
        Assert.Equal(202, (int)asked.StatusCode);
        using var admin = ledger.ClientFor(tenant, "CLIENT_ADMIN");
        Assert.Equal("403 tenant-required", await AskAsync(admin, new("GET", "/entries", Who.Readers), CancellationToken.None));
    }

    [PostgresFact]
    public async Task The_audit_trails_log_is_the_platform_administrators_to_read_and_nobody_elses()
    {
        await ledger.DrainAuditAsync();
        await ledger.CoverAsync();
        foreach (var caller in Caller.All)
        {
            using var client = await caller.ClientAsync(ledger, ledger.Other);
            foreach (var path in new[] { "checkpoint", "keys", "anchors", "tile/entries/000.p/1" })
            {
                using var log = await client.GetAsync(new Uri($"/log/platform-audit/{path}", UriKind.Relative));
                Assert.True((caller.Name == "PLATFORM_ADMIN" ? 200 : 404) == (int)log.StatusCode,
                    $"{caller.Name} {path}: {log.StatusCode}");
                if (caller.Name == "PLATFORM_ADMIN") Assert.Equal("Authorization", Assert.Single(log.Headers.Vary));
            }
        }
    }

    /// <summary>From the table alone.</summary>
    private static string[] Expected(Operation operation, Caller caller, bool isOwn)
    {
        var may = AccessTable.Callers(operation.Who).Contains(caller.Name);
        var named = operation.Path.Contains('{', StringComparison.Ordinal);
        return operation switch
        {
            { Who: Who.Everybody } => operation.Reads ? ["2xx"] : LetIn,
            { Who: Who.LogReaders } => may && isOwn ? ["2xx"] : ["404"], // what may not be seen is not there
            _ when caller.IsUnknown => ["401"],
            _ when !may => ["403"],
            { IsOfTenant: true } when named => isOwn && operation.Reads ? ["2xx"] : ["404", "400"],
            // The id is an entry's, and no event's.
            { Path: "/admin/api/v1/audit/{id}/bundle" } => ["404"],
            // The tenant has one of everything, and who operates the ledger sees all of it; the other tenant has nothing.
            _ => !operation.Reads ? LetIn : isOwn || !operation.IsOfTenant ? ["2xx"] : ["2xx", "404"],
        };
    }

    /// <summary>Reads are asked about what there is. What is no read is asked about what there is not and with a body that is none, so that
    /// nothing happens to who is let in.</summary>
    private async Task<string> AskAsync(HttpClient client, Operation operation, CancellationToken cancel)
    {
        var path = ledger.Full.Fill(operation.Path, operation.Reads);
        if (path == "/checkpoints/consistency") path += "?from=3&to=3";
        using var request = new HttpRequestMessage(HttpMethod.Parse(operation.Method), path);
        if (!operation.Reads) request.Content = Answers.Json("none");
        using var answer = await client.SendAsync(request, cancel);
        if (answer.IsSuccessStatusCode) return "2xx";
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(await answer.Content.ReadAsStringAsync(cancel)).GetProperty("type").GetString()!;
        return ((int)answer.StatusCode, problem["urn:ledger:problem:".Length..]) switch
        {
            (401, "unauthenticated") => "401",
            (403, "forbidden") => "403",
            (404, "not-found") => "404",
            (400 or 409, _) => $"{(int)answer.StatusCode}",
            var (status, slug) => $"{status} {slug}",
        };
    }
}
