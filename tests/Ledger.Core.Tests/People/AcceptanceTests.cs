using Ledger.Core.People;
using Ledger.Core.Problems;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>What a code opens, once, and that every other one is told the same.</summary>
public sealed class AcceptanceTests
{
    [PostgresFact]
    public async Task Whatever_is_wrong_with_a_code_the_answer_is_the_same()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        var refusals = new HashSet<LedgerProblem>();

        var used = await people.InviteAsync(PeopleUnderTest.Ada with { Email = "used@example.com" });
        await people.WorkOnAsync();
        var code = people.MailedCode();
        await people.Acceptance.AcceptAsync(code, CancellationToken.None);
        refusals.Add(await RefusedAsync(people, code)); // used

        var invitation = await people.InviteAsync();
        await people.WorkOnAsync();
        var first = people.MailedCode();
        refusals.Add(await RefusedAsync(people, ""));
        refusals.Add(await RefusedAsync(people, first[..^1]));
        refusals.Add(await RefusedAsync(people, first + "\n"));
        refusals.Add(await RefusedAsync(people, first[..^1] + (first[^1] == 'a' ? 'b' : 'a'))); // another secret
        refusals.Add(await RefusedAsync(people, first.Replace("_demo_", "_other_"))); // of another tenant
        refusals.Add(await RefusedAsync(people, first.Replace("_demo_", "_nobody_"))); // of no tenant
        refusals.Add(await RefusedAsync(people, first.Replace(invitation.Id.ToString("N"), used.Id.ToString("N"))));

        await people.Invitations.ResendAsync(PeopleUnderTest.Demo, invitation.Id, PeopleUnderTest.Admin, CancellationToken.None);
        await people.WorkOnAsync();
        var second = people.MailedCode();
        Assert.NotEqual(first, second);
        refusals.Add(await RefusedAsync(people, first)); // replaced

        await people.Ledger.SqlAsync(
            "UPDATE tenants SET state = 'suspended', suspended_at = now(), suspended_reason = 'r' WHERE tenant_id = 'demo'");
        refusals.Add(await RefusedAsync(people, second)); // the tenant is suspended
        await people.Ledger.SqlAsync(
            "UPDATE tenants SET state = 'active', suspended_at = NULL, suspended_reason = NULL WHERE tenant_id = 'demo'");

        people.Time.Advance(TimeSpan.FromDays(7));
        refusals.Add(await RefusedAsync(people, second)); // expired, to the second

        var revoked = await people.InviteAsync(PeopleUnderTest.Ada with { Email = "revoked@example.com" });
        await people.WorkOnAsync();
        await people.Invitations.RevokeAsync(PeopleUnderTest.Demo, revoked.Id, PeopleUnderTest.Admin, CancellationToken.None);
        refusals.Add(await RefusedAsync(people, people.MailedCode())); // revoked

        Assert.Equal(ProblemTypes.InvitationInvalid, Assert.Single(refusals).Type);
    }

    [PostgresFact]
    public async Task Of_two_who_accept_at_once_one_does()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        await people.InviteAsync();
        await people.WorkOnAsync();
        var code = people.MailedCode();
        var both = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                await people.Acceptance.AcceptAsync(code, CancellationToken.None);
                return 1;
            }
            catch (LedgerProblemException) { return 0; }
        }));
        Assert.Equal(1, both.Sum());
        Assert.Equal(1,
            await people.Ledger.ScalarAsync<long>(
                "SELECT count(*) FROM audit_outbox WHERE convert_from(event, 'UTF8') LIKE '%invitation.accept%'"));
    }

    [PostgresFact]
    public async Task The_database_has_the_hash_of_the_newest_code_and_no_code()
    {
        await using var people = await PeopleUnderTest.StartAsync();
        await people.InviteAsync();
        await people.WorkOnAsync();
        Assert.True(InvitationCode.TryParse(people.MailedCode(), out var code));
        Assert.Equal(Convert.ToHexStringLower(code.Hash),
            await people.Ledger.ScalarAsync<string>("SELECT encode(token_hash, 'hex') FROM invitations"));
        foreach (var table in new[] { "people", "invitations", "jobs", "audit_outbox" })
            Assert.DoesNotContain(code.Text[^52..], string.Join('\n',
                await people.Ledger.TableAsync($"SELECT to_jsonb(t)::text FROM {table} t")));
        Assert.DoesNotContain(code.Text[^52..], people.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lgi_demo_019a0c5e00007000800000000000000a_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true)]
    [InlineData("LGI_demo_019a0c5e00007000800000000000000a_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("lgi_demo_019A0c5e00007000800000000000000a_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("lgi_-demo_019a0c5e00007000800000000000000a_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("lgi_demo_019a0c5e00007000800000000000000a_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", false)]
    public void A_code_is_read_in_one_spelling(string text, bool isCode) => Assert.Equal(isCode, InvitationCode.TryParse(text, out _));

    private static Task<LedgerProblem> RefusedAsync(PeopleUnderTest people, string code) =>
        LedgerUnderTest.ProblemOfAsync(() => people.Acceptance.AcceptAsync(code, CancellationToken.None));
}
