using System.CommandLine;
using System.CommandLine.Parsing;
using Ledger.DevHost.Postgres;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.Commands;

/// <summary>The options of the whole stack, what they refuse, and their help.</summary>
internal static class StackCommand
{
    private static readonly Option<string> State = new("--state")
    {
        HelpName = "DIR",
        Description = "folder for everything that outlives a run",
        DefaultValueFactory = static _ => ".ledger",
    };

    private static readonly Option<int> ApiPort = new("--api-port")
    {
        HelpName = "N",
        Description = "port of the API on localhost",
        DefaultValueFactory = static _ => 8088,
    };

    private static readonly Option<bool> EmulatorsOnly = new("--emulators-only")
    {
        Description = "only the emulators (Vault, Keycloak, Rekor v1 and v2, TSA, S3): no PostgreSQL, keys, tenants, API, workers",
    };

    private static readonly Option<string?> Marks = new("--marks")
    {
        HelpName = "PLACE",
        Description = "where the high-water marks are kept: folder (in DIR) or s3 (a bucket of the S3 emulator); chosen once for a DIR, "
            + "without it folder",
    };

    private static readonly Option<string?> Vault = new("--vault")
    {
        HelpName = "URL",
        Description = "a running Vault instead of the emulator; needs --vault-token",
    };

    private static readonly Option<string?> VaultToken = new("--vault-token")
    {
        HelpName = "T",
        Description = "a token that may mount transit, write policies and make tokens",
    };

    private static readonly Option<string?> Keycloak = new("--keycloak")
    {
        HelpName = "URL",
        Description = "a running Keycloak instead of the emulator; docs/devhost.md says what its realm needs",
    };

    private static readonly Option<string?> Realms = new("--realms")
    {
        HelpName = "DIR",
        Description = "folder of realm files (*.json) for the Keycloak emulator, instead of the ledger's own; their ${VAR} come from the "
            + "environment",
    };

    private static readonly Option<string?> Rekor = new("--rekor")
    {
        HelpName = "URL",
        Description = "a running Rekor instead of both emulators; needs --rekor-key",
    };

    private static readonly Option<int> RekorVersion = new("--rekor-version")
    {
        HelpName = "N",
        Description = "which API it speaks, 1 or 2",
        DefaultValueFactory = static _ => 1,
    };

    private static readonly Option<string?> RekorKey = new("--rekor-key")
    {
        HelpName = "PEM",
        Description = "file with its public key",
    };

    private static readonly Option<string?> RekorOrigin = new("--rekor-origin")
    {
        HelpName = "NAME",
        Description = "what it calls itself in its checkpoints; without, what it shows at first contact, and from then on that",
    };

    private static readonly Option<string?> Postgres = new("--postgres")
    {
        HelpName = "CONNECTION",
        Description = "a running PostgreSQL 15+ instead of our own: postgresql:// URI or Npgsql keywords of a login that owns the database "
            + "and may create roles",
    };

    /// <summary>What is started when no subcommand is named.</summary>
    public static RootCommand Make(Func<DevHostOptions, Task<int>> run)
    {
        var root = new RootCommand(
            "The whole ledger on this machine, without containers: PostgreSQL, Vault, Keycloak, Rekor, API and workers.")
        {
            State, ApiPort, EmulatorsOnly, Vault, VaultToken, Keycloak, Realms, Postgres, Rekor, RekorVersion, RekorKey, RekorOrigin, Marks,
        };
        root.Validators.Add(static result =>
        {
            if (result.GetResult(ApiPort) is not null && Value(result, ApiPort) is < 1 or > 65535)
                result.AddError("--api-port: a port is 1 to 65535");
            if (Value(result, Vault) is null != Value(result, VaultToken) is null)
                result.AddError("--vault and --vault-token go together");
            foreach (var address in new[] { Vault, Keycloak, Rekor })
            {
                if (Value(result, address) is { } url && !IsWeb(url))
                    result.AddError($"{address.Name}: {url} is not an http:// or https:// URL");
            }
            if (Value(result, Rekor) is null != Value(result, RekorKey) is null)
                result.AddError("--rekor and --rekor-key go together");
            if (Value(result, Rekor) is null
                && (result.GetResult(RekorVersion) is { Implicit: false } || Value(result, RekorOrigin) is not null))
                result.AddError("--rekor-version and --rekor-origin go with --rekor");
            if (result.GetResult(RekorVersion) is { } version && !version.Errors.Any() && Value(result, RekorVersion) is not (1 or 2))
                result.AddError("--rekor-version: Rekor's API is version 1 or 2");
            if (Value(result, EmulatorsOnly)
                && (Value(result, Vault) ?? Value(result, Keycloak) ?? Value(result, Postgres) ?? Value(result, Rekor)) is not null)
                result.AddError("--emulators-only starts the emulators; it does not go with --vault, --keycloak, --postgres or --rekor");
            if (Value(result, Marks) is { } marks and not (MarksChoice.InFolder or MarksChoice.InBucket))
                result.AddError($"--marks: marks are kept in {MarksChoice.InFolder} or {MarksChoice.InBucket}, not in {marks}");
            if (Value(result, EmulatorsOnly) && Value(result, Marks) is not null)
                result.AddError("--emulators-only makes no marks; it does not go with --marks");
            if (Value(result, Realms) is { } folder)
            {
                if (Value(result, Keycloak) is not null)
                    result.AddError("--realms is for the emulator; it does not go with --keycloak");
                else if (!Directory.Exists(folder))
                    result.AddError($"--realms: there is no folder {folder}");
            }
            try
            {
                _ = Value(result, Postgres) is { } connection ? ConnectionUri.ToNpgsql(connection) : null;
            }
            catch (FormatException e)
            {
                result.AddError($"--postgres: {e.Message}");
            }
        });
        root.SetAction((parsed, _) => run(Options(parsed)));
        return root;
    }

    private static bool IsWeb(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    /// <summary>Null, zero or false for a value that did not parse: that is an error of its own already.</summary>
    private static T? Value<T>(CommandResult result, Option<T> option) =>
        result.GetResult(option) is { } given && given.Errors.Any() ? default : result.GetValue(option);

    public static DevHostOptions Options(ParseResult parsed) => new()
    {
        State = parsed.GetValue(State)!,
        ApiPort = parsed.GetValue(ApiPort),
        EmulatorsOnly = parsed.GetValue(EmulatorsOnly),
        Marks = parsed.GetValue(Marks),
        Vault = parsed.GetValue(Vault) is { } vault ? new Uri(vault) : null,
        VaultToken = parsed.GetValue(VaultToken),
        Keycloak = parsed.GetValue(Keycloak) is { } keycloak ? new Uri(keycloak) : null,
        Realms = parsed.GetValue(Realms) is { } realms ? Path.GetFullPath(realms) : null,
        Postgres = parsed.GetValue(Postgres) is { } postgres ? ConnectionUri.ToNpgsql(postgres) : null,
        Rekor = parsed.GetValue(Rekor) is { } rekor
            ? new RekorChoice(new Uri(rekor), parsed.GetValue(RekorVersion), parsed.GetValue(RekorKey)!, parsed.GetValue(RekorOrigin))
            : null,
    };
}
