using System.Text;
using System.Xml.Linq;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.S3;
using Ledger.Testing;
using Ledger.Testing.Time;

namespace Ledger.DevHost.Tests.Emulators.S3;

/// <summary>An emulator with a bucket <c>docs</c> and a clock that stands still.</summary>
internal sealed class S3UnderTest : IAsyncDisposable
{
    public const string AccessKey = "ledger-test";
    public const string SecretKey = "made-up-secret";

    private readonly TempFolder folder = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public ManualTime Time { get; } = new();

    public S3Emulator Emulator { get; private set; } = null!;

    public HttpClient Http => http;

    public string State => folder["state"];

    public S3Signer Signer => new(AccessKey, SecretKey, Time.GetUtcNow());

    private string? Region { get; init; }

    public static async Task<S3UnderTest> StartAsync(string? region = null)
    {
        var started = new S3UnderTest { Region = region };
        await started.StartAgainAsync();
        await started.SendAsync("PUT", "/docs");
        return started;
    }

    public async Task StartAgainAsync()
    {
        if (Emulator is not null)
            await Emulator.DisposeAsync();
        var s3 = new S3Options { AccessKey = AccessKey, SecretKey = SecretKey, Region = Region };
        Emulator = await S3Emulator.StartAsync(new EmulatorOptions { StateDirectory = State, Time = Time }, s3, CancellationToken.None);
    }

    public Uri At(string target) => new(Emulator.Address, target);

    /// <summary>A signed call.</summary>
    /// <param name="method">GET …</param>
    /// <param name="target">Path and parameters, encoded.</param>
    /// <param name="body">Its hash is signed.</param>
    /// <param name="headers">Each <c>Name: value</c>.</param>
    public Task<S3Reply> SendAsync(string method, string target, string body = "", params string[] headers)
        => SendAsync(method, target, Encoding.UTF8.GetBytes(body), headers);

    public async Task<S3Reply> SendAsync(string method, string target, byte[] body, params string[] headers)
    {
        using var request = Request(method, target, body, headers);
        Signer.Sign(request, S3Signer.Hash(body));
        return await SendAsync(request);
    }

    public async Task<S3Reply> SendAsync(HttpRequestMessage request)
    {
        using var answer = await http.SendAsync(request);
        var headers = answer.Headers.Concat(answer.Content.Headers).ToDictionary(
            h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new S3Reply((int)answer.StatusCode, headers, await answer.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Not signed yet.</summary>
    public HttpRequestMessage Request(string method, string target, byte[] body, params string[] headers)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), At(target)) { Content = new ByteArrayContent(body) };
        foreach (var header in headers)
        {
            var parts = header.Split(": ", 2);
            if (!request.Headers.TryAddWithoutValidation(parts[0], parts[1]))
                request.Content.Headers.TryAddWithoutValidation(parts[0], parts[1]);
        }
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Emulator.DisposeAsync();
        folder.Dispose();
    }
}

internal sealed record S3Reply(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string ETag => Headers["ETag"];

    /// <summary>Of an error; of a HEAD's headers.</summary>
    public string Code => Body.Length > 0 ? string.Join(" ", Values("Code")) : Headers.GetValueOrDefault("X-Minio-Error-Code", "");

    /// <summary>The texts of all elements of that name, in order.</summary>
    public IReadOnlyList<string> Values(string element)
        => [.. XDocument.Parse(Text).Descendants().Where(e => e.Name.LocalName == element).Select(e => e.Value)];
}
