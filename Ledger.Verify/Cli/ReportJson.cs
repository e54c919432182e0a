using System.Text;
using System.Text.Json;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>What <c>--json</c> prints: the lines of a report as one object on one line.</summary>
// Example: {"checks":[{"check":"inclusion","outcome":"fail","code":"inclusion-root-mismatch"}],"verdict":"failed"}
internal static class ReportJson
{
    public static string Of(VerificationReport report) => Object(json =>
    {
        Checks(json, report.Checks);
        json.WriteNumber("anchors", report.Anchors);
        json.WriteNumber("timestamps", report.Timestamps);
        json.WriteString("verdict", report.Verdict.Spelled());
    });

    public static string Of(IReadOnlyList<Check> checks, IReadOnlyList<string> notes, Verdict verdict) => Object(json =>
    {
        Checks(json, checks);
        Notes(json, notes);
        json.WriteString("verdict", verdict.Spelled());
    });

    public static string Of(IReadOnlyList<FsckReport> logs, IReadOnlyList<string> notes, Verdict verdict) => Object(json =>
    {
        Notes(json, notes);
        json.WriteStartArray("logs");
        foreach (var log in logs)
        {
            json.WriteStartObject();
            json.WriteString("origin", log.Origin);
            json.WriteNumber("size", log.Size);
            if (log.Anchored is { } anchored) json.WriteNumber("anchored", anchored);
            Checks(json, log.Checks);
            json.WriteStartArray("findings");
            foreach (var finding in log.Findings) Finding(json, finding);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("verdict", verdict.Spelled());
    });

    private static void Notes(Utf8JsonWriter json, IReadOnlyList<string> notes)
    {
        if (notes.Count == 0) return;
        json.WriteStartArray("notes");
        foreach (var note in notes) json.WriteStringValue(note);
        json.WriteEndArray();
    }

    private static void Checks(Utf8JsonWriter json, IReadOnlyList<Check> checks)
    {
        json.WriteStartArray("checks");
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("check", check.Name);
            json.WriteString("outcome", check.Outcome switch { CheckOutcome.Pass => "pass", CheckOutcome.Absent => "absent", _ => "fail" });
            if (check.Code is { } code) json.WriteString("code", code.Text());
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Finding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteStartObject();
        json.WriteString("check", finding.Check);
        json.WriteString("code", finding.Code.Text());
        json.WriteString("where", finding.Where);
        json.WriteEndObject();
    }

    private static string Object(Action<Utf8JsonWriter> members)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
