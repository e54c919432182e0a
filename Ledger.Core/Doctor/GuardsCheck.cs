using System.Reflection;
using Ledger.Core.Tenancy;

namespace Ledger.Core.Doctor;

/// <summary>A trigger of the schema: most refuse what no statement may do, the others see to what must follow a change.</summary>
/// <param name="Enabled">As PostgreSQL spells it: <c>A</c> always, <c>O</c> not in a replica session, <c>D</c> never.</param>
public readonly record struct Guard(string Table, string Trigger, string Function, char Enabled)
{
    public override string ToString() => $"{Table}.{Trigger}";
}

/// <summary>Whether what the schema promises is still there: who owns it can switch it off, and would leave no other trace.</summary>
public sealed class GuardsCheck(DoctorDatabase database) : IDoctorCheck
{
    private const string TriggersSql = """
        SELECT c.relname::text, t.tgname::text, p.proname::text, t.tgenabled::text
          FROM pg_trigger t
          JOIN pg_class c ON c.oid = t.tgrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_proc p ON p.oid = t.tgfoid
         WHERE n.nspname = 'ledger' AND NOT t.tgisinternal
        """;

    private const string OpenTablesSql = """
        SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname = 'ledger' AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
        """;

    // The groups themselves, who is a member of them, and whoever asks. An administrator's login may be all-powerful; ours may not.
    private const string StrongRolesSql = """
        SELECT DISTINCT r.rolname::text
          FROM pg_roles r
          LEFT JOIN pg_auth_members m ON m.member = r.oid
          LEFT JOIN pg_roles g ON g.oid = m.roleid
         WHERE (r.rolsuper OR r.rolbypassrls)
           AND (r.rolname IN ('ledger_owner', 'ledger_app', 'ledger_worker', 'ledger_admin', session_user)
                OR g.rolname IN ('ledger_app', 'ledger_worker', 'ledger_admin'))
         ORDER BY 1
        """;

    /// <summary>Every trigger of the schema, by table and name; a test holds the list against a migrated database.</summary>
    public static readonly IReadOnlyList<(string Table, string Trigger, string Function)> Expected =
    [
        ("anchors", "append_only", "refuse_change"),
        ("api_keys", "ends_once", "refuse_revival"),
        ("attestation_keys", "never_deleted", "refuse_change"),
        ("attestation_keys", "revoked_once", "refuse_key_change"),
        ("attestation_subjects", "append_only", "refuse_change"),
        ("attestations", "append_only", "refuse_change"),
        ("chain_entries", "append_only", "refuse_change"),
        ("checkpoints", "append_only", "refuse_change"),
        ("jobs", "frozen_once", "refuse_thaw"),
        ("signing_keys", "append_only", "refuse_change"),
        ("tenants", "await_appends", "await_appends"),
        ("tenants", "one_life", "refuse_state"),
        ("tenants", "stir_tenant", "stir_tenant"),
        ("tiles", "append_only", "refuse_change"),
        ("transparency_logs", "stir_all_added", "stir_all"),
        ("transparency_logs", "stir_all_again", "stir_all"),
        ("tree_heads", "stir_grown", "stir_grown"),
    ];

    public string Name => "guards";

    public async Task<Verdict> RunAsync(CancellationToken cancel)
    {
        var guards = await database.ListAsync(TriggersSql,
            row => new Guard(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)[0]), cancel);
        var open = await database.ListAsync(OpenTablesSql, row => row.GetString(0), cancel);
        var strong = await database.ListAsync(StrongRolesSql, row => row.GetString(0), cancel);
        return Judge(guards, open, strong);
    }

    internal static Verdict Judge(IReadOnlyList<Guard> guards, IReadOnlyList<string> openTables, IReadOnlyList<string> strongRoles)
    {
        var found = new List<Verdict>();
        foreach (var (table, trigger, function) in Expected)
        {
            var guard = guards.Where(one => one.Table == table && one.Trigger == trigger).Cast<Guard?>().FirstOrDefault();
            if (guard is null) found.Add(Verdict.Fail($"{table}.{trigger} is gone"));
            else if (guard.Value.Function != function) found.Add(Verdict.Fail($"{guard} runs {guard.Value.Function}, not {function}"));
            else if (guard.Value.Enabled != 'A')
                found.Add(Verdict.Fail($"{guard} is not ENABLE ALWAYS: somebody switched it off, and what happened since is to be looked "
                    + "at with ledger-verify fsck"));
        }
        if (openTables.Except(WithoutRowSecurity()).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } bare)
            found.Add(Verdict.Fail($"no row-level security on {string.Join(", ", bare)}"));
        if (strongRoles.Count > 0)
            found.Add(Verdict.Fail($"row-level security does not hold for {string.Join(", ", strongRoles)}: ALTER ROLE … NOSUPERUSER "
                + "NOBYPASSRLS"));
        return Verdict.Worst(found, $"{Expected.Count} triggers always on, row-level security on every table, no role above it");
    }

    /// <summary>The tables that need none, with their reasons, are listed beside the migrations.</summary>
    private static IEnumerable<string> WithoutRowSecurity()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("TablesWithoutRowSecurity.txt")!;
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ')[0])];
    }
}
