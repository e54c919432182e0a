using System.CommandLine;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Cli;

/// <summary>Options that more than one command has. Each command makes its own, because help shows them per command.</summary>
internal static class Arguments
{
    public static Option<string?> Trust(string description) => Path("--trust", description, "trust.json");

    public static Option<bool> Json() => new("--json") { Description = "Print the report as one JSON object instead of lines." };

    public static Option<string?> Artifact() =>
        Path("--artifact", "The payload that was appended; its SHA-256 must be the one in the statement.", "PAYLOAD");

    /// <summary>A path that the command cannot do without.</summary>
    public static string Require(string? path, string option, string why) =>
        path ?? throw new UsageException($"{option} is required: {why}");

    /// <summary>A path, never the next option: with an unset variable, <c>--trust $T --json</c> would read the file "--json".</summary>
    public static Option<string?> Path(string name, string description, string helpName)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = helpName };
        option.Validators.Add(result =>
        {
            if (result.Tokens is not [{ Value: ['-', '-', ..] next }]) return;
            result.AddError($"{name} needs a value, and '{next}' looks like an option (a file: ./{next}).");
        });
        return option;
    }

    /// <summary>The pinned trust file. Without one nothing can be verified, and a default would be somebody else's choice.</summary>
    public static TrustFile RequireTrust(string? path) => path is null
        ? throw new UsageException("--trust is required: only keys that you pinned yourself can verify anything (see --help).")
        : InputFiles.ReadTrust(path);
}
