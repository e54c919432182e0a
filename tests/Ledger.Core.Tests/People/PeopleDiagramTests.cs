using System.Text.RegularExpressions;
using Ledger.Core.People;
using Ledger.Core.Tests.Documents;
using Ledger.Core.Tests.Entries;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.People;

/// <summary>The diagrams of docs/people.md are what the table allows and what happens.</summary>
public sealed partial class PeopleDiagramTests
{
    private static readonly Dictionary<string, Func<PeopleUnderTest, Invitation?, Task>> OfInvitations = new()
    {
        ["invited"] = (people, _) => people.InviteAsync(),
        ["mailed"] = (people, _) => people.WorkOnAsync(),
        ["mailed again"] = async (people, invitation) =>
        {
            await people.Invitations.ResendAsync(PeopleUnderTest.Demo, invitation!.Id, PeopleUnderTest.Admin, CancellationToken.None);
            await people.WorkOnAsync();
            Assert.Equal(2, people.Sink.Mails.Count);
        },
        ["accepted"] = (people, _) => people.Acceptance.AcceptAsync(people.MailedCode(), CancellationToken.None),
        ["revoked"] = (people, invitation) =>
            people.Invitations.RevokeAsync(PeopleUnderTest.Demo, invitation!.Id, PeopleUnderTest.Admin, CancellationToken.None),
        ["code ran out"] = RunOutAsync,
    };

    private static readonly Dictionary<string, Func<PeopleUnderTest, Person?, Task>> OfPeople = new()
    {
        ["invited"] = (people, _) => people.InviteAsync(),
        ["adopted"] = (people, _) =>
        {
            people.Keycloak.Add("ada@example.com", "demo").Roles.Add("AUDITOR");
            return people.AdoptAsync();
        },
        ["accepted"] = async (people, _) =>
        {
            await people.WorkOnAsync();
            await people.Acceptance.AcceptAsync(people.MailedCode(), CancellationToken.None);
        },
        ["revoked or code ran out"] = async (people, _) =>
        {
            await people.WorkOnAsync();
            await RunOutAsync(people, null);
        },
        ["another role"] = (people, person) =>
            people.People.ChangeRoleAsync(PeopleUnderTest.Demo, person!.Id, "AUDITOR", PeopleUnderTest.Admin, CancellationToken.None),
        ["disabled"] = (people, person) =>
            people.People.DisableAsync(PeopleUnderTest.Demo, person!.Id, PeopleUnderTest.Admin, CancellationToken.None),
        ["enabled"] = (people, person) =>
            people.People.EnableAsync(PeopleUnderTest.Demo, person!.Id, PeopleUnderTest.Admin, CancellationToken.None),
    };

    [PostgresFact]
    public async Task The_first_diagram_has_the_states_of_the_table()
    {
        await using var ledger = await LedgerUnderTest.StartAsync();
        var check = await ledger.ScalarAsync<string>("""
            SELECT pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid = 'ledger.invitations'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%''expired''%'
            """);
        Assert.Equal(Quoted().Matches(check).Select(m => m.Groups[1].Value).Order(),
            Edges(0).SelectMany(e => new[] { e.From, e.To }).Where(s => s != "[*]").Distinct().Order());
    }

    [PostgresFact]
    public async Task Every_arrow_of_an_invitation_is_something_that_happens()
    {
        Assert.Equal(OfInvitations.Keys.Order(), Edges(0).Where(e => e.How.Length > 0).Select(e => e.How).Distinct().Order());
        foreach (var (from, to, how) in Edges(0).Where(e => e.How.Length > 0))
        {
            await using var people = await PeopleUnderTest.StartAsync();
            var invitation = from == "[*]" ? null : await people.InviteAsync();
            if (from == "sent") await people.WorkOnAsync();
            await OfInvitations[how](people, invitation);
            Assert.Equal((how, to), (how, await people.Ledger.ScalarAsync<string>("SELECT state FROM invitations")));
        }
    }

    [PostgresFact]
    public async Task Every_arrow_of_a_person_is_something_that_happens()
    {
        Assert.Equal(OfPeople.Keys.Order(), Edges(1).Select(e => e.How).Distinct().Order());
        foreach (var (from, to, how) in Edges(1))
        {
            await using var people = await PeopleUnderTest.StartAsync();
            Person? person = null;
            if (from == "invited") await people.InviteAsync();
            if (from is "active" or "disabled") person = await people.JoinedAsync();
            if (from == "disabled") await OfPeople["disabled"](people, person);
            await OfPeople[how](people, person);
            await people.WorkOnAsync();
            Assert.Equal((how, to), (how, await people.Ledger.ScalarAsync<string>("""
                SELECT CASE WHEN withdrawn THEN '[*]' WHEN joined_at IS NULL THEN 'invited' WHEN enabled THEN 'active' ELSE 'disabled' END
                  FROM people
                """)));
            Assert.Equal(to == "[*]" ? [] : [to == "active"], people.Keycloak.Users.Select(u => u.Enabled));
        }
    }

    private static async Task RunOutAsync(PeopleUnderTest people, Invitation? invitation)
    {
        people.Time.Advance(people.Options.InvitationLifetime);
        await people.Expiry.StepAsync(CancellationToken.None);
    }

    private static List<(string From, string To, string How)> Edges(int diagram) =>
        [.. Arrow().Matches(Markdown.Read("docs/people.md").Text.Split("stateDiagram-v2")[diagram + 1].Split("```")[0])
            .Select(m => (m.Groups["from"].Value, m.Groups["to"].Value, m.Groups["how"].Value))];

    [GeneratedRegex(@"^ {4}(?<from>\S+) --> (?<to>[^\s:]+)(: (?<how>.+))?$", RegexOptions.Multiline)]
    private static partial Regex Arrow();

    [GeneratedRegex("'([a-z_]+)'")]
    private static partial Regex Quoted();
}
