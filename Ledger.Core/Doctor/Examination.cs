using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Ledger.Core.Operations;
using Npgsql;

namespace Ledger.Core.Doctor;

/// <summary>Makes all checks at once. None waits for another, and none can end another.</summary>
public sealed class Examination(IEnumerable<IDoctorCheck> checks, TimeProvider time)
{
    /// <summary>Characters of a line's text: what a dependency answered may be of any length.</summary>
    public const int MostText = 500;

    private readonly IReadOnlyList<IDoctorCheck> checks = [.. checks];

    public async Task<DoctorReport> RunAsync(CancellationToken cancel)
    {
        var at = time.GetUtcNow();
        var found = await Task.WhenAll(checks.Select(check => CheckAsync(check, cancel)));
        var failed = found.Where(one => one.Line.Outcome == CheckOutcome.Fail && one.Needs is null)
            .Select(one => one.Line.Check).ToHashSet();
        // What needs the database and did not get it is no news where the database's own line says so; where that one passed, it is.
        return new DoctorReport(at, [.. found.Select(one => one.Needs is { } needs && failed.Contains(needs)
            ? new CheckLine(one.Line.Check, CheckOutcome.Absent, $"not checked: {needs} failed") : one.Line)]);
    }

    private async Task<(CheckLine Line, string? Needs)> CheckAsync(IDoctorCheck check, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(check.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            // On a thread of its own: what waits for a dead file system heeds nobody.
            var verdict = await Task.Run(() => check.RunAsync(either.Token), either.Token).WaitAsync(either.Token);
            return (Line(check, verdict), null);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw;
        }
        catch (PrerequisiteException e)
        {
            return (Line(check, Verdict.Fail(e.Message)), e.Check);
        }
        catch (Exception e)
        {
            return (Line(check, Verdict.Fail(patience.IsCancellationRequested
                ? $"nothing came within {check.Patience.TotalSeconds:0} s" : Reason(e))), null);
        }
    }

    private static CheckLine Line(IDoctorCheck check, Verdict verdict)
    {
        var text = Printable(verdict.Text);
        if (text.Length > MostText) text = text[..(char.IsHighSurrogate(text[MostText - 2]) ? MostText - 2 : MostText - 1)] + "…";
        var isBad = verdict.Outcome is CheckOutcome.Fail or CheckOutcome.Warn;
        return new CheckLine(Printable(check.Name), verdict.Outcome, isBad ? $"{text} (docs/doctor.md#{check.Name.Split(' ')[0]})" : text);
    }

    /// <summary>What a server said, in one line that cannot move a terminal's cursor, recolour it or turn its text around.</summary>
    private static string Printable(string text) => string.Concat(text.ReplaceLineEndings(" ").EnumerateRunes().Select(rune =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format ? " " : rune.ToString())).Trim();

    /// <summary>In the words of whoever said it; of what nobody foresaw only its kind, since its message may hold anything.</summary>
    internal static string Reason(Exception e) => e switch
    {
        PostgresException refused => $"{refused.SqlState}: {refused.MessageText}",
        NpgsqlException or SocketException or IOException or HttpRequestException or TimeoutException or Anchoring.LogException
            or Jobs.JobFailedException or People.KeycloakException => e.Message,
        OperationCanceledException => "no answer in time", // its own limit: neither the caller's end nor the check's patience
        _ => $"the check itself failed: {e.GetType().Name}",
    };
}
