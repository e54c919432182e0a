using System.Security.Cryptography;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.S3;
using Ledger.DevHost.Processes;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Emulators.S3;

/// <summary>Programs that others wrote put, list, read, share and delete, in one piece and in parts.</summary>
public sealed class S3ClientTests : IAsyncLifetime, IDisposable
{
    private const string AccessKey = "ledger-test";
    private const string SecretKey = "made-up-secret";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();
    private S3Emulator emulator = null!;

    private string Endpoint => emulator.Address.AbsoluteUri.TrimEnd('/');

    public async Task InitializeAsync()
    {
        var s3 = new S3Options { AccessKey = AccessKey, SecretKey = SecretKey };
        emulator = await S3Emulator.StartAsync(new EmulatorOptions { StateDirectory = folder["state"] }, s3, default);
        Directory.CreateDirectory(folder["home/.aws"]);
        await File.WriteAllTextAsync(folder["small"], "hello\n");
        await File.WriteAllBytesAsync(folder["large"], RandomNumberGenerator.GetBytes(20_000_000));
        // The version 1 of the cli would sign URLs with signature version 2.
        await File.WriteAllTextAsync(
            folder["home/.aws/config"], "[default]\nregion = us-east-1\ns3 =\n  signature_version = s3v4\n  addressing_style = path\n");
    }

    public async Task DisposeAsync() => await emulator.DisposeAsync();

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [ProgramFact("aws")]
    public async Task The_AWS_cli_works_with_it()
    {
        await AwsAsync("s3", "mb", "s3://docs");
        await AwsAsync("s3", "cp", folder["small"], "s3://docs/a/small.txt");
        await AwsAsync("s3", "cp", folder["large"], "s3://docs/large.bin");
        Assert.Contains("20000000 large.bin", await AwsAsync("s3", "ls", "--recursive", "s3://docs"), StringComparison.Ordinal);
        var head = await AwsAsync("s3api", "head-object", "--bucket", "docs", "--key", "large.bin");
        Assert.Contains("-3\\\"", head, StringComparison.Ordinal);
        await AwsAsync("s3", "cp", "s3://docs/large.bin", folder["back"]);
        Assert.Equal(await File.ReadAllBytesAsync(folder["large"]), await File.ReadAllBytesAsync(folder["back"]));
        var url = (await AwsAsync("s3", "presign", "s3://docs/a/small.txt")).Trim();
        Assert.Equal("hello\n", await http.GetStringAsync(new Uri(url)));
        await AwsAsync("s3", "rm", "--recursive", "s3://docs");
        await AwsAsync("s3", "rb", "s3://docs");
    }

    [MinioClientFact]
    public async Task The_MinIO_client_works_with_it()
    {
        await McAsync("mb", "ledger/docs");
        await McAsync("cp", folder["small"], "ledger/docs/a/small.txt");
        await McAsync("cp", folder["large"], "ledger/docs/large.bin");
        Assert.Contains("large.bin", await McAsync("ls", "--recursive", "ledger/docs"), StringComparison.Ordinal);
        Assert.Contains("-2", await McAsync("stat", "ledger/docs/large.bin"), StringComparison.Ordinal);
        Assert.Contains("hello", await McAsync("cat", "ledger/docs/a/small.txt"), StringComparison.Ordinal);
        await McAsync("cp", "ledger/docs/large.bin", folder["back"]);
        Assert.Equal(await File.ReadAllBytesAsync(folder["large"]), await File.ReadAllBytesAsync(folder["back"]));
        var shared = (await McAsync("share", "download", "ledger/docs/a/small.txt")).Split('\n')
            .Single(l => l.StartsWith("Share: ", StringComparison.Ordinal));
        Assert.Equal("hello\n", await http.GetStringAsync(new Uri(shared["Share: ".Length..].Trim())));
        await McAsync("rm", "--recursive", "--force", "ledger/docs");
        await McAsync("rb", "ledger/docs");
        await McAsync("ready", "ledger");
    }

    private Task<string> AwsAsync(params string[] arguments) => RunAsync("aws", arguments);

    private Task<string> McAsync(params string[] arguments) => RunAsync(MinioClientFactAttribute.Program!, arguments);

    private async Task<string> RunAsync(string program, string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = folder["home"],
            ["AWS_ACCESS_KEY_ID"] = AccessKey,
            ["AWS_SECRET_ACCESS_KEY"] = SecretKey,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["AWS_PAGER"] = "",
            ["MC_HOST_ledger"] = $"http://{AccessKey}:{SecretKey}@{emulator.Address.Authority}",
            ["NO_PROXY"] = "127.0.0.1",
        };
        // An option rather than AWS_ENDPOINT_URL: Debian 12's version does not know that yet.
        string[] all = program == "aws" ? ["--endpoint-url", Endpoint, .. arguments] : arguments;
        var spec = new ProcessSpec(Path.GetFileName(program), program, all) { Environment = environment };
        await using var child = await ChildProcess.StartAsync(spec);
        using var patience = new CancellationTokenSource(Patience);
        var code = await child.Exited.WaitAsync(patience.Token);
        var output = child.Output.Tail(int.MaxValue);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)}: {output}");
        return output;
    }
}
