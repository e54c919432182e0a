using System.Text;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Exports;

/// <summary>
/// `DIR/env`, for `. DIR/env` in any POSIX shell: first a comment per variable, then
/// <code>export LEDGER_API='http://localhost:8088'</code>
/// It is there only while everything that was started is healthy, and readable by its owner alone.
/// </summary>
internal static class EnvFile
{
    public static void Write(string path, IReadOnlyList<Variable> variables) => PrivateFile.Write(path, Format(variables));

    public static string Format(IReadOnlyList<Variable> variables)
    {
        var width = variables.Max(static v => v.Name.Length);
        var text = new StringBuilder("# A ledger for development, as it runs now. In a shell: . .ledger/env\n#\n");
        foreach (var variable in variables)
            text.Append("# ").Append(variable.Name.PadRight(width)).Append("  ").Append(variable.About).Append('\n');
        text.Append('\n');
        foreach (var variable in variables)
            text.Append("export ").Append(variable.Name).Append('=').Append(Quote(variable.Value)).Append('\n');
        return text.ToString();
    }

    /// <summary>Between single quotes a shell leaves everything as it is, except the quote itself.</summary>
    private static string Quote(string value) => "'" + value.Replace("'", @"'\''", StringComparison.Ordinal) + "'";
}
