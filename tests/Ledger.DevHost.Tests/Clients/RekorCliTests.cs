using System.Globalization;
using System.Text;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Rekor1;
using Ledger.DevHost.Tests.Emulators;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Rekor;

namespace Ledger.DevHost.Tests.Clients;

public sealed class RekorCliTests : IAsyncLifetime, IDisposable
{
    private const string Artifact = "what rekor-cli uploads";

    private readonly TempFolder folder = new();
    private readonly Submitter submitter = new();
    private Rekor1Emulator rekor = null!;

    private static string Digest => Convert.ToHexStringLower(Submitter.Digest(Artifact));

    private string[] HashedRekord(string digest) => ["--type", "hashedrekord", "--pki-format", "x509", "--public-key", folder["key"],
        "--signature", folder["signature"], "--artifact-hash", digest];

    public async Task InitializeAsync()
    {
        rekor = await Rekor1Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["rekor"] }, default);
        await File.WriteAllTextAsync(folder["key"], submitter.Pem);
        await File.WriteAllTextAsync(folder["artifact"], Artifact);
        await File.WriteAllBytesAsync(folder["signature"], submitter.Sign(Artifact));
    }

    public async Task DisposeAsync() => await rekor.DisposeAsync();

    public void Dispose()
    {
        submitter.Dispose();
        folder.Dispose();
    }

    [RekorCliFact]
    public async Task It_uploads_gets_searches_and_verifies_a_hashedrekord()
    {
        Assert.Contains("Created entry at index 0", await GoodAsync(["upload", .. HashedRekord(Digest)]), StringComparison.Ordinal);
        Assert.Contains("Entry already exists", await GoodAsync(["upload", .. HashedRekord(Digest)]), StringComparison.Ordinal);
        Assert.Contains(Digest, await GoodAsync("get", "--log-index", "0"), StringComparison.Ordinal);
        Assert.Contains(TreeId, await GoodAsync("search", "--sha", Digest), StringComparison.Ordinal);
        Assert.Contains(TreeId, await GoodAsync("search", "--public-key", folder["key"], "--pki-format", "x509"), StringComparison.Ordinal);
        Assert.Contains("Computed Root Hash", await GoodAsync(["verify", .. HashedRekord(Digest)]), StringComparison.Ordinal);

        var (code, output) = await RunAsync(["verify", .. HashedRekord(new string('0', 64))]);
        Assert.True(code != 0, output);
    }

    [RekorCliFact]
    public async Task It_uploads_and_verifies_a_rekord_and_a_dsse_envelope()
    {
        string[] rekord = ["--pki-format", "x509", "--public-key", folder["key"], "--signature", folder["signature"],
            "--artifact", folder["artifact"]];
        Assert.Contains("Created entry", await GoodAsync(["upload", .. rekord]), StringComparison.Ordinal);
        Assert.Contains("Computed Root Hash", await GoodAsync(["verify", .. rekord]), StringComparison.Ordinal);

        const string type = "application/vnd.in-toto+json", statement = "{}";
        var signature = submitter.Sign($"DSSEv1 {type.Length} {type} {statement.Length} {statement}");
        await File.WriteAllTextAsync(folder["envelope"], $$"""
            {"payloadType":"{{type}}","payload":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes(statement))}}",
             "signatures":[{"sig":"{{Convert.ToBase64String(signature)}}"}]}
            """);
        string[] dsse = ["--type", "dsse:0.0.1", "--pki-format", "x509", "--public-key", folder["key"], "--artifact", folder["envelope"]];
        Assert.Contains("Created entry", await GoodAsync(["upload", .. dsse]), StringComparison.Ordinal);
        Assert.Contains("Computed Root Hash", await GoodAsync(["verify", .. dsse]), StringComparison.Ordinal);
    }

    [RekorCliFact]
    public async Task It_sees_the_log_grow_consistently_and_finds_out_a_forked_one()
    {
        await GoodAsync(["upload", .. HashedRekord(Digest)]);
        Assert.Contains("Verification Successful!", await GoodAsync("loginfo"), StringComparison.Ordinal);
        await GoodAsync("upload", "--pki-format", "x509", "--public-key", folder["key"], "--signature", folder["signature"],
            "--artifact", folder["artifact"]);
        Assert.Contains("Active Tree Size:       2", await GoodAsync("loginfo"), StringComparison.Ordinal);

        rekor.Faults.Set(FaultMode.ForkedTree);
        var (code, output) = await RunAsync("loginfo");
        Assert.True(code != 0, output);
    }

    // Entry ids begin with the tree's id.
    private string TreeId => long.Parse(rekor.TreeId, CultureInfo.InvariantCulture).ToString("x16", CultureInfo.InvariantCulture);

    private async Task<string> GoodAsync(params string[] arguments)
    {
        var (code, output) = await RunAsync(arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {output}");
        return output;
    }

    private Task<(int Code, string Output)> RunAsync(params string[] arguments) =>
        Tool.RunAsync(RekorPrograms.Cli!, folder.Path, [.. arguments, "--rekor_server", rekor.Address.AbsoluteUri.TrimEnd('/')]);
}
