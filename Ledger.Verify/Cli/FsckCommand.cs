using System.CommandLine;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary><c>ledger-verify fsck DIR|URL</c>: rebuilds whole logs and compares every file.</summary>
internal static class FsckCommand
{
    public static Command Create(Terminal terminal)
    {
        var source = new Argument<string>("DIR|URL")
        {
            Description = "An export folder; or the address of a log's public tiles, "
                + "such as https://ledger.example/log/demo (uses the network).",
        };
        var trust = Arguments.Trust("The keys you believe.");
        var self = new Option<bool>("--self")
        {
            Description = "Judge an export by the trust.json in it. That finds damage, not forgery: the verdict is 'self-consistent only'.",
        };
        var tiles = new Option<bool>("--tiles")
        {
            Description = "DIR is a mirror of public tiles, not an export: rebuild from tile/entries; entry signatures are absent there.",
        };
        var json = Arguments.Json();
        var command = new Command(
            "fsck",
            "Rebuilds a whole log from an export folder or from its public tiles, and names every file that does not fit.\n\n"
            + "It asks for no anchor: it judges this tree, not whether others were shown another one.")
        { source, trust, self, tiles, json };
        command.SetAction(parsed => Run(
            terminal, parsed.GetRequiredValue(source), parsed.GetValue(trust), parsed.GetValue(self),
            parsed.GetValue(tiles), parsed.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string source, string? trustPath, bool self, bool tiles, bool json)
    {
        var isUrl = Uri.TryCreate(source, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https");
        if (self == trustPath is not null)
            throw new UsageException("fsck needs either --trust trust.json or, for an export folder, --self.");
        if (self && (isUrl || tiles)) throw new UsageException("--self needs an export folder: public tiles hold no keys.");

        var trust = trustPath is null ? null : InputFiles.ReadTrust(trustPath);
        if (!isUrl) return Judge(terminal, ExportFolder.At(source), tiles ? FsckSource.PublicTiles : FsckSource.Export, trust, json);

        terminal.Warn($"network: reading {address}");
        using var log = new HttpLog(address!);
        return Judge(terminal, log.Folder, FsckSource.PublicTiles, trust, json);
    }

    private static int Judge(Terminal terminal, LogFolder folder, FsckSource source, TrustFile? trust, bool json)
    {
        IReadOnlyList<FsckReport> reports;
        try
        {
            reports = trust is null ? Fsck.RunSelfConsistencyOnly(folder, ReadClaim(folder)) : Fsck.Run(folder, source, trust);
        }
        catch (IOException e)
        {
            throw new UnreadableException(e.Message);
        }

        // The verdicts are in their order from best to worst.
        var verdict = reports.Max(report => report.Verdict);
        terminal.Report(reports, [], verdict, json,
            source == FsckSource.PublicTiles ? Terminal.AnchorsNotChecked : Terminal.NotAnchored);
        return verdict == Verdict.Failed ? ExitCodes.NotSatisfied : ExitCodes.Satisfied;
    }

    private static TrustFile ReadClaim(LogFolder folder)
    {
        var file = folder.Read(ExportLayout.Trust, Limits.TrustFileBytes)
            ?? throw new UnreadableException($"{ExportLayout.Trust}: not in the folder; --self judges an export by its own copy");
        return TrustFile.TryParse(file, out var claim, out var failure)
            ? claim
            : throw new UnreadableException($"{ExportLayout.Trust}: not a trust file: {failure.Text()}");
    }
}
