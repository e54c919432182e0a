using System.Globalization;
using System.Text.RegularExpressions;
using Ledger.DevHost.Processes;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.S3;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Emulators.S3;

/// <summary>The recordings of a real MinIO, sent again by the program that lies beside them; docs/emulators.md shows the command.</summary>
public sealed partial class S3ReplayTests
{
    private const double Agreeing = 0.96;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [ReplayFact]
    public async Task It_agrees_with_the_real_one_in_nearly_all_that_a_ledger_uses()
    {
        using var folder = new TempFolder();
        var s3 = new S3Options { AccessKey = "goldenadmin", SecretKey = "made-up-secret" };
        await using var emulator = await S3Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder.Path }, s3, default);
        var recordings = RepositoryPath.Shared("golden/minio");
        var spec = new ProcessSpec("replay", "python3",
        [
            RepositoryPath.Shared("tools/replay-s3.py"), recordings, "--count", Path.Combine(recordings, "used.txt"),
            "--base", emulator.Address.AbsoluteUri.TrimEnd('/'), "--access-key", s3.AccessKey, "--secret-key", s3.SecretKey,
        ]);

        await using var replay = await ChildProcess.StartAsync(spec);
        using var patience = new CancellationTokenSource(Patience);
        await replay.Exited.WaitAsync(patience.Token);

        var output = replay.Output.Tail(int.MaxValue);
        var tally = Tally().Match(output);
        Assert.True(tally.Success, output);
        Assert.True(Number(tally.Groups[2]) > 200 && Number(tally.Groups[1]) >= Agreeing * Number(tally.Groups[2]), output);
    }

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^([0-9]+) of ([0-9]+) agree", RegexOptions.Multiline)]
    private static partial Regex Tally();

    private sealed class ReplayFactAttribute : FactAttribute
    {
        public ReplayFactAttribute()
            => Skip = new SharedFactAttribute("tools/replay-s3.py").Skip ?? new ProgramFactAttribute("python3").Skip;
    }
}
