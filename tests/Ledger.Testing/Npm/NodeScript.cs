using System.Diagnostics;
using Ledger.DevHost.Processes;

namespace Ledger.Testing.Npm;

/// <summary>
/// A script of the tests run by `node`, with the packages of tests/npm/package.json in reach. Node finds a module's packages beside the
/// module's own file and nowhere else, so the script runs as a copy in a folder of its own, beside a link to the installed packages.
/// </summary>
public sealed class NodeScript : IDisposable
{
    /// <summary>Names the folder that `node_modules` lies in.</summary>
    public const string Variable = "LEDGER_NPM";

    private static readonly string[] Packages = ["oidc-provider", "openid-client", "@keycloak/keycloak-admin-client"];

    private readonly TempFolder _folder = new();
    private readonly string _file;

    /// <param name="source">The script's text: an ECMAScript module, such as <c>import * as client from 'openid-client'; …</c></param>
    public NodeScript(string source)
    {
        _file = _folder["script.mjs"];
        File.WriteAllText(_file, source);
        Directory.CreateSymbolicLink(_folder["node_modules"], Path.Combine(Folder!, "node_modules"));
    }

    /// <summary>Why there is none; null where a script can run.</summary>
    public static string? Missing { get; } =
        SearchPath.Find("node") is null ? "needs the program node on the PATH"
        : string.IsNullOrEmpty(Folder) ? $"needs {Variable}, a folder with the packages of tests/npm/package.json in its node_modules"
        : Packages.FirstOrDefault(name => !Directory.Exists(Path.Combine(Folder, "node_modules", name))) is { } absent
            ? $"needs the npm package {absent} in {Variable}" : null;

    private static string? Folder => Environment.GetEnvironmentVariable(Variable);

    /// <summary>Starts it; its standard streams are the caller's, who also ends it.</summary>
    public Process Start(IReadOnlyDictionary<string, string>? environment = null, params string[] arguments)
    {
        var start = new ProcessStartInfo("node", ["--no-warnings", _file, .. arguments])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs it to its end and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0; the message has its output.</exception>
    public async Task<string> RunAsync(
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancel = default, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
        try
        {
            await process.WaitForExitAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"node ended with {process.ExitCode}:\n{await output}{await errors}");
    }

    public void Dispose() => _folder.Dispose();
}
