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
        if (!IsAddress(source, out var address))
            return Sweep(terminal, SweepSource.OfExport(ExportFolder.At(source)), logs, trust, json);
        terminal.Warn($"network: reading {address}");
        using var anchors = new PublicAnchors(address!);
        return Sweep(terminal, [anchors.First], logs, trust, json, anchors.Later);
    }

    private static int Sweep(
        Terminal terminal, IReadOnlyList<SweepSource> sources, RekorAddress[] logs, TrustFile trust, bool json,
        Func<long, SweepSource>? later = null)
    {
        var notes = logs.Select(log => $"network: reading {log.Url}").ToList();
        foreach (var note in notes)
        {
            if (json) terminal.Warn(note);
            else terminal.Line(note);
        }

        var sweep = new AnchorSweep(trust);
        var swept = Reading(() =>
        {
            foreach (var source in sources) sweep.Add(source);
            var epochs = later is null ? [] : SweepSource.LaterEpochs(sweep.Logs.FirstOrDefault(), trust);
            foreach (var epoch in epochs) sweep.Add(later!(epoch));
            return LookThrough(sweep, logs, trust);
        });
        var lines = Lines(sweep, swept, trust);
        var reports = Reading(() => sweep.Report(logs.Length == 0 ? null : swept));
        var verdict = reports.Max(report => report.Verdict);
        terminal.Report(reports, json ? [.. notes, .. lines] : lines, verdict, json);
        var content = verdict == Verdict.Verified || (verdict != Verdict.Failed && trust.Policy is { Anchors: 0, Timestamps: 0 });
        return content ? ExitCodes.Satisfied : ExitCodes.NotSatisfied;
    }

    /// <summary>
    /// The transparency logs' state first, then the list, then what is left of the logs: an anchor that is made in between is in the
    /// list, and missed by nobody.
    /// </summary>
    private static LogSweep[] LookThrough(AnchorSweep sweep, RekorAddress[] logs, TrustFile trust)
    {
        var servers = logs.Select(log => new HttpLog(log.Url)).ToArray();
        try
        {
            var keys = sweep.Keys;
            var begun = servers.Zip(logs, (server, log) => log.Version == "1"
                ? new RekorSearch(server, trust).Begin(keys)
                : new RekorScan(server, trust).Begin(keys)).ToArray();
            var targets = sweep.Judge();
            return [.. begun.Select(finish => finish(targets))];
        }
        finally
        {
            foreach (var server in servers) server.Dispose();
        }
    }

    /// <summary>How everything was looked for, and what nobody has looked at.</summary>
    private static List<string> Lines(AnchorSweep sweep, LogSweep[] swept, TrustFile trust)
    {
        List<string> lines = [.. swept.Select(log => "completeness: " + log.Completeness)];
        var known = trust.TrustedRoot?.Logs ?? [];
        lines.AddRange(known.Where(log => swept.All(one => one.Log?.LogId != log.LogId))
            .Select(log => $"{NotChecked} {(log.Origin.Length > 0 ? log.Origin : log.LogId.ToHex())}"));
        if (lines.Count == 0) lines.Add(NotChecked);
        lines.AddRange(SweepSource.Unswept([.. sweep.Logs], trust).Select(origin => $"not in this source: {origin}"));
        return lines;
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
