using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Api.Tests.Fixture;
using Ledger.Core.People;
using Ledger.Core.Tenancy;
using Ledger.Testing.Attributes;

namespace Ledger.Api.Tests.People;

/// <summary>People over HTTP, without any worker: everything is taken, nothing is applied yet.</summary>
public sealed class PeopleTests(ApiUnderTest ledger) : IClassFixture<ApiUnderTest>
{
    private const string Invitations = "/api/v1/invitations", Users = "/api/v1/users";

    [PostgresFact]
    public async Task An_invitation_is_answered_before_anybody_heard_of_it()
    {
        var (_, admin) = await TenantAsync();
        using var answer = await admin.PostAsJsonAsync(Invitations, Person("Ada@Example.com"));
        var invitation = await BodyAsync(answer);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal($"{Invitations}/{Text(invitation, "id")}", answer.Headers.Location!.OriginalString);
        Assert.Equal(("ada@example.com", "pending", false, JsonValueKind.Null, JsonValueKind.Null), (Text(invitation, "email"),
            Text(invitation, "state"), invitation.GetProperty("applied").GetBoolean(), invitation.GetProperty("last_error").ValueKind,
            invitation.GetProperty("expires_at").ValueKind));

        var person = await BodyAsync(await admin.GetAsync(new Uri($"{Users}/{Text(invitation, "person_id")}", UriKind.Relative)));
        Assert.Equal(("invited", "CLIENT_TECH", false, JsonValueKind.Null), (Text(person, "state"), Text(person, "role"),
            person.GetProperty("applied").GetBoolean(), person.GetProperty("subject").ValueKind));
    }

    [PostgresTheory]
    [InlineData("{}", "missing-field", "email")]
    [InlineData("""{"email":"a@b","first_name":"A","last_name":"B","role":"CLIENT_TECH","admin":true}""", "unknown-field", "admin")]
    [InlineData("""{"email":"a@b","email":"c@d","first_name":"A","last_name":"B","role":"CLIENT_TECH"}""", "duplicate-field", "email")]
    [InlineData("""{"email":"a@b\r\nBcc: c@d","first_name":"A","last_name":"B","role":"CLIENT_TECH"}""", "invalid-field", "email")]
    [InlineData("""{"email":"a@b","first_name":"A\nB","last_name":"B","role":"CLIENT_TECH"}""", "invalid-field", "first_name")]
    [InlineData("""{"email":"a@b","first_name":"A","last_name":"B","role":"PLATFORM_ADMIN"}""", "invalid-field", "role")]
    [InlineData("""{"email":"a@b","first_name":"A","last_name":"B","role":"AUDITOR","identity_provider":"""
        + """{"alias":"../x","user_id":"1","user_name":"a"}}""", "invalid-field", "identity_provider.alias")]
    public async Task What_is_wrong_with_an_invitation_is_named(string body, string slug, string field)
    {
        var (_, admin) = await TenantAsync();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var problem = await BodyAsync(await admin.PostAsync(new Uri(Invitations, UriKind.Relative), content));
        Assert.Equal(($"urn:ledger:problem:{slug}", field), (Text(problem, "type"), Text(problem, "field")));
    }

    [PostgresFact]
    public async Task Every_wrong_code_is_answered_alike()
    {
        var (tenant, admin) = await TenantAsync();
        var id = Guid.Parse(Text(await BodyAsync(await admin.PostAsJsonAsync(Invitations, Person("ada@example.com"))), "id"));
        using var anybody = ledger.Anonymous();
        var answers = new HashSet<string>();
        foreach (var code in new[]
                 {
                     "", "x", new string('x', 4000), InvitationCode.Make(TenantId.Parse(tenant), id).Text,
                     InvitationCode.Make(TenantId.Parse(tenant), Guid.Empty).Text, InvitationCode.Make(TenantId.Parse("nobody"), id).Text,
                 })
        {
            using var answer = await anybody.PostAsJsonAsync($"{Invitations}/accept", new { token = code });
            var problem = await BodyAsync(answer);
            answers.Add($"{(int)answer.StatusCode} {Text(problem, "type")} {Text(problem, "detail")}");
        }
        Assert.StartsWith("404 urn:ledger:problem:invitation-invalid", Assert.Single(answers), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Lists_go_on_where_the_page_before_ended_and_end()
    {
        var (_, admin) = await TenantAsync();
        for (var i = 0; i < 5; i++) (await admin.PostAsJsonAsync(Invitations, Person($"p{i}@example.com"))).Dispose();
        foreach (var list in new[] { Invitations, Users })
        {
            List<string> seen = [];
            string? cursor = null;
            do
            {
                var page = await BodyAsync(await admin.GetAsync(new Uri($"{list}?limit=2{(cursor is null ? "" : $"&cursor={cursor}")}",
                    UriKind.Relative)));
                seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "email")));
                cursor = page.GetProperty("next_cursor").GetString();
            }
            while (cursor is not null);
            Assert.Equal(["p4@example.com", "p3@example.com", "p2@example.com", "p1@example.com", "p0@example.com"], seen);
        }
    }

    [PostgresFact]
    public async Task An_operator_invites_an_administrator_of_a_tenant_there_is()
    {
        var (tenant, admin) = await TenantAsync();
        using var operators = ledger.ClientFor(null, "PLATFORM_ADMIN");
        var body = new { email = "first@example.com", first_name = "F", last_name = "L" };
        using var answer = await operators.PostAsJsonAsync($"/admin/api/v1/tenants/{tenant}/invitations", body);
        Assert.Equal((HttpStatusCode.Created, "CLIENT_ADMIN"), (answer.StatusCode, Text(await BodyAsync(answer), "role")));
        var seen = await BodyAsync(await admin.GetAsync(new Uri(Invitations, UriKind.Relative)));
        Assert.Equal("first@example.com", Text(Assert.Single(seen.GetProperty("items").EnumerateArray()), "email"));
        foreach (var nobody in new[] { "no-such-tenant", "platform-audit", "..", "A" })
            Assert.Equal(HttpStatusCode.NotFound,
                (await operators.PostAsJsonAsync($"/admin/api/v1/tenants/{Uri.EscapeDataString(nobody)}/invitations", body)).StatusCode);
    }

    [PostgresFact]
    public async Task A_suspended_tenant_invites_nobody_and_may_revoke()
    {
        var (tenant, admin) = await TenantAsync();
        var id = Text(await BodyAsync(await admin.PostAsJsonAsync(Invitations, Person("ada@example.com"))), "id");
        using var operators = ledger.ClientFor(null, "PLATFORM_ADMIN");
        Assert.Equal(HttpStatusCode.OK, (await operators.PostAsJsonAsync($"/admin/api/v1/tenants/{tenant}/suspend",
            new { reason = "r" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PostAsJsonAsync(Invitations, Person("bob@example.com"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.PostAsync(new Uri($"{Invitations}/{id}/resend", UriKind.Relative),
            null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync(new Uri($"{Invitations}/{id}", UriKind.Relative))).StatusCode);
        var revoked = await BodyAsync(await admin.GetAsync(new Uri($"{Invitations}/{id}", UriKind.Relative)));
        Assert.Equal("revoked", Text(revoked, "state"));
    }

    [PostgresFact]
    public async Task Adoption_is_taken_at_once_and_asked_for_twice_is_one_job()
    {
        var (tenant, admin) = await TenantAsync();
        for (var times = 0; times < 2; times++)
        {
            using var answer = await admin.PostAsync(new Uri($"{Users}/sync", UriKind.Relative), null);
            Assert.Equal((HttpStatusCode.Accepted, Users), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        }
        await using var jobs = ledger.Owner.CreateCommand(
            $"SELECT count(*) FROM ledger.jobs WHERE tenant_id = '{tenant}' AND queue = 'people.to_adopt' AND status = 'pending'");
        Assert.Equal(1L, await jobs.ExecuteScalarAsync());
    }

    private async Task<(string Tenant, HttpClient Admin)> TenantAsync()
    {
        var tenant = await ledger.AddTenantAsync();
        return (tenant, ledger.ClientFor(tenant, "CLIENT_ADMIN"));
    }

    private static async Task<JsonElement> BodyAsync(HttpResponseMessage answer) =>
        JsonElement.Parse(await answer.Content.ReadAsStringAsync());

    private static object Person(string email) => new { email, first_name = "Ada", last_name = "Byron", role = "CLIENT_TECH" };

    private static string Text(JsonElement from, string name) => from.GetProperty(name).GetString()!;
}
