using System.Text.RegularExpressions;
using Ledger.Testing;

namespace Ledger.Core.Tests.House;

/// <summary>A source file: where it lies, and its text.</summary>
/// <param name="Path">From the repository's root, with '/'.</param>
public sealed partial record SourceFile(string Path, string Text)
{
    public static IReadOnlyList<SourceFile> CSharp { get; } = Read("*.cs");

    public static IReadOnlyList<SourceFile> Sql { get; } = Read("*.sql");

    /// <summary>The files that the repository holds: what building and running leaves behind is not source.</summary>
    public static IEnumerable<FileInfo> Paths(string pattern) =>
        new DirectoryInfo(RepositoryPath.Root).EnumerateFiles(pattern, SearchOption.AllDirectories)
            .Where(f => !Relative(f).Split('/')[..^1]
                .Any(part => part is "bin" or "obj" or "artifacts" or "TestResults" || part.StartsWith('.')))
            .OrderBy(f => f.FullName, StringComparer.Ordinal);

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    private string[] Folders => Path.Split('/')[(IsTest ? 1 : 0)..^1];

    public string Project => Folders[0];

    /// <summary>The first folder below the project's; "" for a file in the project's own.</summary>
    public string Room => Folders.ElementAtOrDefault(1) ?? "";

    /// <summary>What the namespace must be: folder by folder, from the project's name.</summary>
    public string ExpectedNamespace => string.Join('.', Folders);

    /// <summary>Null for a file of top-level statements or attributes.</summary>
    public string? DeclaredNamespace => NamespaceLine().Match(Text) is { Success: true } match ? match.Groups[1].Value : null;

    public int LineCount => Text.Split('\n').Length - (Text.EndsWith('\n') ? 1 : 0);

    /// <summary>The text without comments and without what stands in strings: what is left is code, line by line.</summary>
    public string Code => CommentOrString().Replace(Text, found => " " + new string('\n', found.ValueSpan.Count('\n')));

    /// <summary>The rooms of its own project that the file names, in a using directive or in front of a type.</summary>
    public IReadOnlyCollection<string> RoomsUsed(IEnumerable<string> rooms)
    {
        var code = Code;
        return [.. rooms.Where(room => room.Length > 0 && room != Room && (
            Regex.IsMatch(code, $@"\b{Regex.Escape(Project)}\.{room}\b")
            || Regex.IsMatch(code, $@"(?<![\w.]){room}\.[A-Z]\w*[.(<\s]\s*")))];
    }

    private static SourceFile[] Read(string pattern) =>
        [.. Paths(pattern).Select(f => new SourceFile(Relative(f), File.ReadAllText(f.FullName)))];

    private static string Relative(FileInfo file) => System.IO.Path.GetRelativePath(RepositoryPath.Root, file.FullName).Replace('\\', '/');

    [GeneratedRegex(@"^namespace\s+([\w.]+)\s*;", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    // Raw strings first, then verbatim, then plain; interpolations go with their string, which hides a name now and then but invents none.
    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|@\"(?:[^\"]|\"\")*\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|//[^\\n]*|/\\*[\\s\\S]*?\\*/")]
    private static partial Regex CommentOrString();
}
