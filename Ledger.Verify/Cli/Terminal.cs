using System.Globalization;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>Prints reports: lines for people and scripts, or one JSON object.
/// The verdict is always the last line on standard output.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    public const string NotAnchored =
        "NOT ANCHORED: no transparency log outside the operator's control has witnessed this checkpoint; "
        + "an operator could show others another one.";

    public const string AnchorsNotChecked =
        "ANCHORS NOT CHECKED: fsck reads no anchors from public tiles; `ledger-verify anchors URL` of this log does.";

    public TextWriter Output => output;

    public void Warn(string line) => error.WriteLine(line);

    /// <summary>A bundle's report; in JSON also how many logs and authorities have witnessed it.</summary>
    public void Report(VerificationReport report, bool json)
    {
        if (json) output.WriteLine(ReportJson.Of(report));
        else Print(report.Checks, [], report.Verdict);
        if (report.Verdict == Verdict.VerifiedNotAnchored)
            Warn(report.Anchors == 0 ? NotAnchored : NotEnough(report.Anchors, report.Timestamps));
    }

    /// <summary>Lines before the verdict, checks first.</summary>
    public void Report(IReadOnlyList<Check> checks, IReadOnlyList<string> notes, Verdict verdict, bool json)
    {
        if (json)
        {
            output.WriteLine(ReportJson.Of(checks, notes, verdict));
        }
        else
        {
            Print(checks, notes, verdict);
        }

        if (verdict == Verdict.VerifiedNotAnchored) Warn(NotAnchored);
    }

    /// <summary>Whole logs, after the notes: each check, below a failed one what was found there, as code and file.</summary>
    /// <param name="unanchored">What is warned of where the verdict is that no anchor was found.</param>
    public void Report(IReadOnlyList<FsckReport> logs, IReadOnlyList<string> notes, Verdict verdict, bool json,
        string unanchored = NotAnchored)
    {
        if (json)
        {
            output.WriteLine(ReportJson.Of(logs, notes, verdict));
        }
        else
        {
            foreach (var note in notes) output.WriteLine(Printable(note));
            foreach (var log in logs)
            {
                var anchored = log.Anchored is { } size ? $" anchored {size}" : "";
                output.WriteLine($"log {Printable(log.Origin ?? "unknown")} size {log.Size}{anchored}");
                foreach (var check in log.Checks)
                {
                    output.WriteLine(check);
                    foreach (var finding in log.Findings.Where(finding => finding.Check == check.Name))
                        output.WriteLine($"  {finding.Code.Text()} {Printable(finding.Where)}");
                }
            }

            output.WriteLine($"verdict {verdict.Spelled()}");
        }

        if (verdict == Verdict.VerifiedNotAnchored) Warn(unanchored);
    }

    public void Line(string line) => output.WriteLine(line);

    /// <summary>
    /// What comes from outside, file names too, on one line: no control character steers the terminal, no line break makes up a verdict,
    /// and nothing turns the order of the letters around.
    /// </summary>
    public static string Printable(string value) =>
        value.Any(Steers) ? string.Concat(value.Select(c => Steers(c) ? $"\\u{(int)c:x4}" : c.ToString())) : value;

    private static string NotEnough(int anchors, int timestamps) =>
        string.Create(CultureInfo.InvariantCulture, $"NOT ENOUGH: {anchors} transparency log(s) and {timestamps} timestamp authority(ies) ")
        + "have witnessed this checkpoint; the trust file's policy asks for more.";

    private void Print(IReadOnlyList<Check> checks, IReadOnlyList<string> notes, Verdict verdict)
    {
        foreach (var check in checks) output.WriteLine(check);
        foreach (var note in notes) output.WriteLine(note);
        output.WriteLine($"verdict {verdict.Spelled()}");
    }

    private static bool Steers(char c) => char.IsControl(c)
        || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        || c is '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
