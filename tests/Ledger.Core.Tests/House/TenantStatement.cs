using System.Text.RegularExpressions;

namespace Ledger.Core.Tests.House;

/// <summary>A string of Core's sources that is SQL about tenants' rows, with the constants that it is put together from.</summary>
/// <param name="Where">File and line.</param>
internal sealed partial record TenantStatement(string Where, string Sql)
{
    /// <summary>One with a column <c>tenant_id</c>, in front of which rows are asked for or changed.</summary>
    private static Regex TenantTable { get; } = new($@"\b(FROM|JOIN|UPDATE|INTO)\s+({string.Join('|', SourceFile.Sql
        .SelectMany(file => Table().Matches(file.Text)).Select(table => table.Groups[1].Value).Distinct())})\b");

    public static IReadOnlyList<TenantStatement> All { get; } = Read([.. SourceFile.CSharp.Where(file => file.Project == "Ledger.Core")]);

    /// <summary>It looks for rows by what callers name: an id, a hash, a position.</summary>
    public bool LooksUp => LookUp().IsMatch(Sql);

    /// <summary>It says whose rows itself, and does not leave that to row-level security.</summary>
    public bool NamesTheTenant => TenantNamed().IsMatch(Sql);

    /// <param name="files">In which constants are looked for too: <c>{Select}</c> of the same file, <c>{JobQueue.Held}</c> of
    /// another.</param>
    public static List<TenantStatement> Read(IReadOnlyList<SourceFile> files)
    {
        var constants = files.SelectMany(file => Constant().Matches(file.Text)
            .Select(found => (Name: $"{TypeOf(file)}.{found.Groups[1].Value}", Text: found.Groups[2].Value)))
            .DistinctBy(constant => constant.Name)
                .ToDictionary(constant => constant.Name, constant => constant.Text, StringComparer.Ordinal);
        return [.. files.SelectMany(file => Literal().Matches(file.Text).Select(found => new TenantStatement(
                $"{file.Path}:{file.Text.AsSpan(0, found.Index).Count('\n') + 1}", Whole(found.Value, TypeOf(file), constants, 0))))
            .Where(statement => TenantTable.IsMatch(statement.Sql))];
    }

    private static string TypeOf(SourceFile file) => Path.GetFileNameWithoutExtension(file.Path);

    private static string Whole(string text, string type, Dictionary<string, string> constants, int depth) =>
        depth == 5 ? text : Hole().Replace(text, hole =>
        {
            var name = hole.Groups[1].Value;
            if (!name.Contains('.', StringComparison.Ordinal)) name = $"{type}.{name}";
            return constants.TryGetValue(name, out var constant) ? Whole(constant, name.Split('.')[0], constants, depth + 1) : hole.Value;
        });

    [GeneratedRegex(@"CREATE TABLE (\w+) \((?:(?!\n\))[\s\S])*\btenant_id\b")]
    private static partial Regex Table();

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"")]
    private static partial Regex Literal();

    [GeneratedRegex("const string (\\w+) =\\s*\\$*(\"\"\"[\\s\\S]*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\")")]
    private static partial Regex Constant();

    [GeneratedRegex(@"\{((?:\w+\.)?[A-Z]\w*)\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"(?<![\w$])(?:\w+\.)?"
        + @"(id|key_id|person_id|prefix|subject|email|token_hash|sha256|payload_hash|position|tree_size|seq) = \$\d")]
    private static partial Regex LookUp();

    [GeneratedRegex(@"(?<![\w$])(?:\w+\.)?tenant_id = \$\d")]
    private static partial Regex TenantNamed();
}
