using System.Text.RegularExpressions;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Documents;
using Ledger.Testing.Attributes;

namespace Ledger.Core.Tests.Tenants;

/// <summary>The diagram of docs/tenants.md is what the table allows and what happens.</summary>
public sealed partial class TenantStateDiagramTests
{
    [Fact]
    public void The_diagram_has_the_states_there_are() =>
        Assert.Equal(Enum.GetValues<TenantState>().Select(s => s.SqlName()).Order(),
            Edges().SelectMany(e => new[] { e.From, e.To }).Where(s => s != "[*]").Distinct().Order());

    [PostgresFact]
    public async Task Every_arrow_of_the_diagram_is_something_that_happens()
    {
        Assert.Equal(Acts.Keys.Order(), Edges().Select(e => e.How).Order());
        foreach (var (from, to, how) in Edges())
        {
            await using var tenants = await TenantsUnderTest.StartAsync();
            if (from != "[*]") await tenants.AddAsync();
            if (from is "active" or "suspended") await tenants.OpenOnceAsync();
            if (from == "suspended") await Acts["suspended"](tenants);
            if (from != "[*]") Assert.Equal(from, (await tenants.FindAsync()).State.SqlName());
            await Acts[how](tenants);
            Assert.Equal((how, to), (how, (await tenants.FindAsync()).State.SqlName()));
        }
    }

    private static readonly Dictionary<string, Func<TenantsUnderTest, Task>> Acts = new()
    {
        ["asked for"] = tenants => tenants.AddAsync(),
        ["added by hand"] = tenants => tenants.Ledger.OpenLogAsync(TenantsUnderTest.Acme),
        ["opened"] = tenants => tenants.OpenOnceAsync(),
        ["finished by hand"] = tenants => tenants.Ledger.OpenLogAsync(TenantsUnderTest.Acme),
        ["suspended"] = tenants => tenants.Directory.SuspendAsync(TenantsUnderTest.Acme, "reason", "olga", CancellationToken.None),
        ["resumed"] = tenants => tenants.Directory.ResumeAsync(TenantsUnderTest.Acme, "olga", CancellationToken.None),
    };

    private static IEnumerable<(string From, string To, string How)> Edges() => Arrow().Matches(Markdown.Read("docs/tenants.md").Text)
        .Select(m => (m.Groups["from"].Value, m.Groups["to"].Value, m.Groups["how"].Value));

    [GeneratedRegex(@"^ {4}(?<from>\S+) --> (?<to>[^\s:]+): (?<how>.+)$", RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
