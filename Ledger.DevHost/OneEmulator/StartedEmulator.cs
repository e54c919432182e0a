using System.Globalization;
using System.Security.Cryptography;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Keycloak;
using Ledger.DevHost.Emulators.Keycloak.Import;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Emulators.Rekor2;
using Ledger.DevHost.Emulators.S3;
using Ledger.DevHost.Emulators.Smtp;
using Ledger.DevHost.Emulators.Timestamping;
using Ledger.DevHost.Emulators.Vault;
using Ledger.DevHost.Processes;
using Ledger.DevHost.Setup;

namespace Ledger.DevHost.OneEmulator;

/// <summary>One emulator, with its state folder; what it is told comes by the same variables as the real server's container
/// takes.</summary>
/// <param name="Address">Where it listens: a base URL, or `127.0.0.1:port` of the mail server.</param>
internal sealed record StartedEmulator(string Address, IAsyncDisposable Server, FolderLock Folder) : IAsyncDisposable
{
    /// <exception cref="SetupFailed">A variable that it cannot use, a port or a folder that somebody else has.</exception>
    public static async Task<StartedEmulator> StartAsync(
        EmulatorChoice choice, Func<string, string?> environment, TimeProvider time, CancellationToken ct)
    {
        var variables = new SetupVariables(environment);
        var path = Path.GetFullPath(choice.State ?? Path.Combine(".ledger", "emulators", choice.Name));
        var port = choice.Port ?? PortOf(variables);
        if (port != 0 && !FreePort.IsFree(port))
            throw new SetupFailed($"port {port} is in use: stop what listens there, or choose another with --port N");
        StateFolder.MakePrivate(path);
        var folder = FolderLock.Take(path);
        try
        {
            var options = new EmulatorOptions { StateDirectory = path, Port = port, Time = time };
            var (address, server) = await StartAsync(choice, variables, options, ct);
            return new StartedEmulator(address, server, folder);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    private static Task<(string Address, IAsyncDisposable Server)> StartAsync(
        EmulatorChoice choice, SetupVariables variables, EmulatorOptions options, CancellationToken ct) => choice.Name switch
    {
        "vault" => VaultAsync(variables, options, ct),
        "keycloak" => KeycloakAsync(choice, variables, options, ct),
        "rekor" => RekorAsync(variables, options, ct),
        "rekor2" => Rekor2Async(variables, options, ct),
        "tsa" => TimestampingAsync(variables, options, ct),
        "smtp" => SmtpAsync(options, ct),
        "s3" => S3Async(variables, options, ct),
        _ => throw new ArgumentOutOfRangeException(nameof(choice)),
    };

    private static async Task<(string Address, IAsyncDisposable Server)> VaultAsync(
        SetupVariables variables, EmulatorOptions options, CancellationToken ct)
    {
        var vault = new DevServerOptions { RootToken = variables.Optional("VAULT_DEV_ROOT_TOKEN_ID") };
        var server = await VaultEmulator.StartAsync(options, vault, ct);
        return (Plain(server.Address), server);
    }

    private static async Task<(string Address, IAsyncDisposable Server)> KeycloakAsync(
        EmulatorChoice choice, SetupVariables variables, EmulatorOptions options, CancellationToken ct)
    {
        var realms = choice.Realms ?? RealmFiles.Development;
        var unset = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            var server = await KeycloakEmulator.StartAsync(options,
                new KeycloakOptions { RealmsDirectory = realms, Environment = ValueOf, KeepUsers = true }, ct);
            return (Plain(server.Address), server);
        }
        catch (RealmImportException e)
        {
            // A password that nobody set is the text ${NAME}, which the realm's own policy may refuse.
            var asked = unset.Count == 0 ? "" : $" (they ask for variables that are not set: {string.Join(", ", unset)})";
            throw new SetupFailed($"the realm files in {realms}: {e.Message}{asked}", e);
        }

        string? ValueOf(string name)
        {
            var value = variables.Raw(name);
            if (value is null)
                unset.Add(name);
            return value;
        }
    }

    private static async Task<(string Address, IAsyncDisposable Server)> RekorAsync(
        SetupVariables variables, EmulatorOptions options, CancellationToken ct)
    {
        var server = await WithKeyAsync("REKOR_LOG_KEY", () => Rekor1Emulator.StartAsync(options with
        {
            LogKey = variables.Optional("REKOR_LOG_KEY"), Origin = variables.Optional("REKOR_ORIGIN"),
        }, ct));
        PrivateFile.Write(Path.Combine(options.StateDirectory, "log.pub"), server.PublicKey);
        return (Plain(server.Address), server);
    }

    private static async Task<(string Address, IAsyncDisposable Server)> Rekor2Async(
        SetupVariables variables, EmulatorOptions options, CancellationToken ct)
    {
        var server = await WithKeyAsync("REKOR2_LOG_KEY", () => Rekor2Emulator.StartAsync(options with
        {
            LogKey = variables.Optional("REKOR2_LOG_KEY"), Origin = variables.Optional("REKOR_ORIGIN"),
        }, ct));
        PrivateFile.Write(Path.Combine(options.StateDirectory, "log.pub"), server.PublicKey);
        return (Plain(server.Address), server);
    }

    private static async Task<(string Address, IAsyncDisposable Server)> TimestampingAsync(
        SetupVariables variables, EmulatorOptions options, CancellationToken ct)
    {
        var (key, certificates) = (variables.Optional("TSA_SIGNER_KEY"), variables.Optional("TSA_CERTIFICATES"));
        if (key is null != certificates is null)
            throw new SetupFailed("TSA_SIGNER_KEY and TSA_CERTIFICATES go together");
        var server = await WithKeyAsync("TSA_SIGNER_KEY, TSA_CERTIFICATES", () => key is null
            ? TimestampingEmulator.StartAsync(options, ct)
            : TimestampingEmulator.StartAsync(options, new AuthorityOptions { SignerKey = key, Certificates = certificates! }, ct));
        PrivateFile.Write(Path.Combine(options.StateDirectory, "chain.pem"), server.Certificates);
        return (Plain(server.Address), server);
    }

    private static async Task<(string Address, IAsyncDisposable Server)> SmtpAsync(EmulatorOptions options, CancellationToken ct)
    {
        var server = await SmtpSink.StartAsync(options, ct);
        return ($"{server.Host}:{server.Port}", server);
    }

    private static async Task<(string Address, IAsyncDisposable Server)> S3Async(
        SetupVariables variables, EmulatorOptions options, CancellationToken ct)
    {
        var s3 = new S3Options
        {
            AccessKey = variables.Required("MINIO_ROOT_USER"), SecretKey = variables.Required("MINIO_ROOT_PASSWORD"),
        };
        try
        {
            var server = await S3Emulator.StartAsync(options, s3, ct);
            return (Plain(server.Address), server);
        }
        catch (ArgumentException e)
        {
            throw new SetupFailed($"MINIO_ROOT_USER, MINIO_ROOT_PASSWORD: {e.Message}", e);
        }
    }

    private static async Task<T> WithKeyAsync<T>(string variable, Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (CryptographicException e)
        {
            throw new SetupFailed($"{variable}: {e.Message}", e);
        }
    }

    private static int PortOf(SetupVariables variables)
    {
        if (variables.Optional(EmulatorChoice.PortVariable) is not { } text)
            return 0;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535
            ? port
            : throw new SetupFailed($"{EmulatorChoice.PortVariable}: a port is 1 to 65535");
    }

    private static string Plain(Uri address) => address.AbsoluteUri.TrimEnd('/');
}
