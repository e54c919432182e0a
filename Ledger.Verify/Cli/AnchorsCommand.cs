using System.CommandLine;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary><c>ledger-verify anchors EXPORT|URL</c>: sweeps everything that was ever anchored of a log.</summary>
internal static class AnchorsCommand
{
    private const string NotChecked = "completeness: not checked";

    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("EXPORT|URL")
        {
            Description = "An export folder; or the address of a public log, such as https://ledger.example/log/demo (uses the network).",
        };
        var trust = Arguments.Trust("The keys you believe, anchor keys and transparency logs among them.");
        var rekor = new Option<string[]>("--rekor")
        {
            Description = "Look through this transparency log for entries under the anchor keys (uses the network). Repeatable.",
            HelpName = "URL",
        };
        var version = new Option<string[]>("--rekor-version")
        {
            Description = "1: by its search. 2: by reading it from the first entry. One for each --rekor, in their order.",
            HelpName = "1|2",
        };
        version.AcceptOnlyFromAmong("1", "2");
        var json = Arguments.Json();
        var command = new Command(
            "anchors",
            "Recomputes every anchored checkpoint from the log's own tiles, and, with --rekor, holds what transparency logs have\n"
            + "under the anchor keys against that: a log that was rewritten and anchored again shows here, and nowhere else.")
        { source, trust, rekor, version, json };
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(source), parsed.GetValue(trust), parsed.GetValue(rekor) ?? [],
            parsed.GetValue(version) ?? [], parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string source, string? trustPath, string[] rekor, string[] versions, bool json)
    {
        if (rekor.Length != versions.Length) throw new UsageException("Each --rekor needs its --rekor-version, 1 or 2.");
        var logs = rekor.Zip(versions, (url, version) => new RekorAddress(Address(url), version)).ToArray();
        var trust = Arguments.RequireTrust(trustPath);
        if (!IsAddress(source, out var address)) return Sweep(terminal, SweepSource.OfExport(ExportFolder.At(source)), logs, trust, json);
        terminal.Warn($"network: reading {address}");
        using var anchors = Reading(() => new PublicAnchors(address!, trust));
        return Sweep(terminal, anchors.Epochs, logs, trust, json);
    }

    private static int Sweep(
        Terminal terminal, IReadOnlyList<SweepSource> sources, RekorAddress[] logs, TrustFile trust, bool json)
    {
        // The transparency logs first and the list after them: an anchor that is made in between is in the list, and missed by nobody.
        var notes = logs.Select(log => $"network: reading {log.Url}").ToList();
        foreach (var note in notes)
        {
            if (json) terminal.Warn(note);
            else terminal.Line(note);
        }

        var swept = logs.Length == 0 ? null : Reading(() => LookThrough(sources, logs, trust));
        List<string> lines = swept is null ? [NotChecked] : [.. swept.Select(log => "completeness: " + log.Completeness)];
        lines.AddRange(Reading(() => SweepSource.Unswept(sources, trust).ToArray()).Select(origin => $"not in this source: {origin}"));

        var reports = Reading(() => AnchorSweep.Run(sources, swept, trust));
        var verdict = reports.Max(report => report.Verdict);
        terminal.Report(reports, json ? [.. notes, .. lines] : lines, verdict, json);
        var content = verdict == Verdict.Verified || (verdict != Verdict.Failed && trust.Policy.Anchors == 0);
        return content ? ExitCodes.Satisfied : ExitCodes.NotSatisfied;
    }

    private static LogSweep[] LookThrough(
        IReadOnlyList<SweepSource> sources, RekorAddress[] logs, TrustFile trust)
    {
        var owners = sources.Select(source => SweepSource.LogOf(source.Files, trust)).OfType<TrustLog>().ToArray();
        var (pems, hints) = (owners.SelectMany(log => log.AnchorKeys).Distinct().ToArray(), AnchorSweep.Hints(owners));
        var targets = SweepTargets.Of(sources.SelectMany(source => source.Anchors), trust.TrustedRoot);
        var swept = new List<LogSweep>();
        foreach (var (url, version) in logs)
        {
            using var server = new HttpLog(url);
            swept.Add(version == "1"
                ? new RekorSearch(server, trust).Sweep(pems, hints, targets)
                : new RekorScan(server, trust).Sweep(hints, targets));
        }

        return [.. swept];
    }

    private static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (IOException e)
        {
            throw new UnreadableException(e.Message);
        }
    }

    private static Uri Address(string url) =>
        IsAddress(url, out var address) ? address! : throw new UsageException($"--rekor needs an http or https address, not '{url}'.");

    private static bool IsAddress(string text, out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme is "http" or "https";

    private sealed record RekorAddress(Uri Url, string Version);
}
