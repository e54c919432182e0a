using System.Net.Http.Json;
using System.Text.Json;
using Ledger.Testing;
using Ledger.Testing.Processes;

namespace Ledger.Benchmarks.Stack;

/// <summary>
/// The whole product as its DevHost runs it: PostgreSQL with fsync, API and workers in processes of their own, Vault at a real one's pace.
/// </summary>
internal sealed class LedgerStack : IAsyncDisposable
{
    // What one principal may ask in a second is not what is measured.
    private static readonly Dictionary<string, string?> Unlimited = new()
    {
        ["RateLimits__RequestsPerSecond"] = "1000000",
        ["RateLimits__PublicRequestsPerSecond"] = "1000000",
        ["RateLimits__NewTokensPerSecond"] = "1000000",
    };

    private readonly ProcessUnderTest devHost;
    private readonly TempFolder folder;
    private readonly HttpClient http = new();

    private LedgerStack(ProcessUnderTest devHost, TempFolder folder, IReadOnlyDictionary<string, string> environment) =>
        (this.devHost, this.folder, Environment) = (devHost, folder, environment);

    /// <summary>What DIR/env exports.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public Uri Api => new(Environment["LEDGER_API"]);

    public Uri Vault => new(Environment["VAULT_ADDR"]);

    public string Owner => Environment["ConnectionStrings__ledger"];

    public static async Task<LedgerStack> StartAsync()
    {
        var folder = new TempFolder();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder.Path, (UnixFileMode)0b111_101_101); // PostgreSQL runs as another user
        var state = folder["state"];
        var port = FreePort.Next();
        var devHost = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.DevHostProgram, Unlimited, "--state", state,
            "--api-port", $"{port}");
        try
        {
            var file = Path.Combine(state, "env");
            for (var tries = 0; !File.Exists(file); tries++)
            {
                if (devHost.Exited.IsCompleted || tries == 600)
                    throw new InvalidOperationException($"The DevHost did not come up:\n{devHost.Output}");
                await Task.Delay(100);
            }
            var stack = new LedgerStack(devHost, folder, Read(await File.ReadAllLinesAsync(file)));
            // A real Vault's recorded service time: 0.4 ms a call, 25 µs a signature.
            using var paced = await stack.http.PostAsJsonAsync(new Uri(stack.Vault, "/emulator/vault/sign-cost"),
                new { per_call_us = 400, per_signature_us = 25 });
            paced.EnsureSuccessStatusCode();
            return stack;
        }
        catch
        {
            await devHost.DisposeAsync();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Sign calls and signatures that Vault served so far.</summary>
    public async Task<(long Calls, long Signatures)> VaultCountersAsync()
    {
        var counters = await http.GetFromJsonAsync<JsonElement>(new Uri(Vault, "/emulator/vault/counters"));
        return (counters.GetProperty("sign_calls").GetInt64(), counters.GetProperty("signatures").GetInt64());
    }

    /// <summary>Resident memory of the API's process; NaN where there is no /proc.</summary>
    public double ApiMemoryMiB()
    {
        if (!Directory.Exists("/proc")) return double.NaN;
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                if (!File.ReadAllText(Path.Combine(process, "cmdline")).Contains(BuiltProgram.Api, StringComparison.Ordinal)) continue;
                if (!File.ReadAllText(Path.Combine(process, "environ")).Contains(folder.Path, StringComparison.Ordinal)) continue;
                var line = File.ReadLines(Path.Combine(process, "status")).First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
                return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
                    System.Globalization.CultureInfo.InvariantCulture) / 1024.0;
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }
        return double.NaN;
    }

    // export NAME='value'
    private static Dictionary<string, string> Read(string[] lines) => lines.Where(l => l.StartsWith("export ", StringComparison.Ordinal))
        .Select(l => l["export ".Length..].Split('=', 2))
        .ToDictionary(p => p[0], p => p[1].Trim('\'').Replace(@"'\''", "'", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await devHost.StopAsync();
        await devHost.DisposeAsync();
        folder.Dispose();
    }
}
