using System.Net;
using Ledger.DevHost.Emulators;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Timestamping;
using Ledger.Testing;
using Ledger.Testing.Attributes;

namespace Ledger.DevHost.Tests.Clients;

public sealed class OpenSslTimestampTests : IAsyncLifetime, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new();
    private TimestampingEmulator tsa = null!;

    public async Task InitializeAsync() =>
        tsa = await TimestampingEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["tsa"] }, default);

    public async Task DisposeAsync() => await tsa.DisposeAsync();

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [OpenSslFact]
    public async Task Openssl_asks_and_verifies_with_and_without_certificates_in_the_token()
    {
        Assert.Contains("Verification: OK", await AskAndVerifyAsync("-sha256", "-cert"), StringComparison.Ordinal);
        Assert.Contains("Verification: OK", await AskAndVerifyAsync("-sha512", "-no_nonce"), StringComparison.Ordinal);
        Assert.Contains("Verification: OK", await AskAndVerifyAsync("-sha384", "-tspolicy", "1.2.3.4"), StringComparison.Ordinal);
    }

    [OpenSslFact]
    public async Task Openssl_refuses_what_a_fault_makes_of_it()
    {
        foreach (var fault in new[] { FaultMode.WrongImprint, FaultMode.WrongSignature, FaultMode.WrongKey })
        {
            tsa.Faults.Set(fault, count: 1);
            Assert.DoesNotContain("Verification: OK", await AskAndVerifyAsync("-sha256", "-cert"), StringComparison.Ordinal);
        }
    }

    [OpenSslFact]
    public async Task A_skewed_clock_shows_in_the_token()
    {
        var year = TimeProvider.System.GetUtcNow().AddDays(4000).Year;
        tsa.Faults.Set(new Fault(FaultMode.ClockSkew) { Skew = TimeSpan.FromDays(4000), Count = 1 });
        await AskAndVerifyAsync("-sha256");

        var (_, output) = await RunAsync("ts", "-reply", "-in", folder["reply"], "-text");

        Assert.Matches($"Time stamp: .* {year} GMT", output);
    }

    [OpenSslFact]
    public async Task A_restart_keeps_the_chain()
    {
        var chain = tsa.Certificates;
        await tsa.DisposeAsync();
        tsa = await TimestampingEmulator.StartAsync(new EmulatorOptions { StateDirectory = folder["tsa"] }, default);

        Assert.Equal(chain, tsa.Certificates);
        Assert.Contains("Verification: OK", await AskAndVerifyAsync("-sha256"), StringComparison.Ordinal);
    }

    [OpenSslFact]
    public async Task What_is_no_query_or_no_digest_is_rejected_in_the_reply()
    {
        await RejectedAsync([0x30, 0x00], "unrecognized data format|the data submitted has the wrong format");
        await RejectedAsync(TimestampQueries.Query(new byte[31]), "the data submitted has the wrong format");
        await RejectedAsync(TimestampQueries.Query(new byte[20], "1.3.14.3.2.26"), "unrecognized or unsupported algorithm identifier");
    }

    [Fact]
    public async Task Another_method_media_type_or_path_is_refused()
    {
        using var get = await http.GetAsync(tsa.Url);
        using var text = await http.PostAsync(tsa.Url, new StringContent("x"));
        var query = TimestampQueries.Query(new byte[32]);
        using var elsewhere = await TimestampQueries.SendAsync(http, new Uri(tsa.Address, "/elsewhere"), query);

        Assert.Equal([HttpStatusCode.MethodNotAllowed, HttpStatusCode.UnsupportedMediaType, HttpStatusCode.NotFound],
            [get.StatusCode, text.StatusCode, elsewhere.StatusCode]);
    }

    private async Task RejectedAsync(byte[] query, string reason)
    {
        using var answer = await TimestampQueries.SendAsync(http, tsa.Url, query);
        await File.WriteAllBytesAsync(folder["reply"], await answer.Content.ReadAsByteArrayAsync());

        var (_, output) = await RunAsync("ts", "-reply", "-in", folder["reply"], "-text");

        Assert.Contains("Status: Rejected.", output, StringComparison.Ordinal);
        Assert.Matches(reason, output);
    }

    private async Task<string> AskAndVerifyAsync(params string[] options)
    {
        var pems = tsa.Certificates.Split("-----END CERTIFICATE-----\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(static pem => pem + "-----END CERTIFICATE-----\n").ToArray();
        await File.WriteAllTextAsync(folder["leaf"], pems[0]);
        await File.WriteAllTextAsync(folder["root"], pems[1]);
        await File.WriteAllTextAsync(folder["data"], "stamped");
        await RunAsync(["ts", "-query", "-data", folder["data"], .. options, "-out", folder["query"]]);
        using var answer = await TimestampQueries.SendAsync(http, tsa.Url, await File.ReadAllBytesAsync(folder["query"]));
        await File.WriteAllBytesAsync(folder["reply"], await answer.Content.ReadAsByteArrayAsync());
        return (await RunAsync("ts", "-verify", "-queryfile", folder["query"], "-in", folder["reply"],
            "-CAfile", folder["root"], "-untrusted", folder["leaf"])).Output;
    }

    private Task<(int Code, string Output)> RunAsync(params string[] arguments) => Tool.RunAsync("openssl", folder.Path, arguments);
}
