using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Ledger.Core.Anchoring;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Ledger.Verify;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Tests.Anchoring;

public sealed class TimestampClientTests : IAsyncLifetime, IDisposable
{
    private const string Path = "/api/v1/timestamp";
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly byte[] Signature = [0x30, 6, 2, 1, 1, 2, 1, 2];

    private readonly TestAuthority authority = new("TSA");
    private ScriptedServer server = null!;

    public async Task InitializeAsync() => server = await ScriptedServer.StartAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    public void Dispose() => authority.Dispose();

    [Fact]
    public async Task A_signature_is_stamped_and_the_answer_kept_as_bundles_hold_it()
    {
        Answers(query => authority.Answer(query));
        var stamped = await Client().StampAsync(Signature, Never);
        Assert.Null(TimestampToken.Verify(stamped, Signature, [Options().Trusted()!], out var time));
        Assert.Equal(2026, time.Year);
        var sent = Assert.Single(server.Requests);
        Assert.Equal(("POST", Path, "application/timestamp-query", "application/timestamp-reply"),
            (sent.Method, sent.Path, sent.ContentType, sent.Accept));
        Assert.True(Rfc3161TimestampRequest.TryDecode(sent.Body, out var query, out _));
        Assert.Equal((true, "2.16.840.1.101.3.4.2.1", Convert.ToHexString(SHA256.HashData(Signature))),
            (query.RequestSignerCertificate, query.HashAlgorithmId.Value, Convert.ToHexString(query.GetMessageHash().Span)));
    }

    [Fact]
    public async Task Every_query_has_a_nonce_of_its_own()
    {
        Answers(query => authority.Answer(query));
        var nonces = new List<string>();
        for (var i = 0; i < 40; i++) await Client().StampAsync(Signature, Never);
        foreach (var sent in server.Requests)
        {
            Assert.True(Rfc3161TimestampRequest.TryDecode(sent.Body, out var query, out _));
            nonces.Add(Convert.ToHexString(query.GetNonce()!.Value.Span));
        }
        Assert.Equal(40, nonces.Distinct().Count());
    }

    [Fact]
    public async Task An_answer_to_another_query_is_refused()
    {
        Answers(query => authority.Answer(query, nonce: [1, 2, 3, 4, 5, 6, 7, 8]));
        Assert.Equal((LogFailureClass.Log, FailureCode.TimestampImprintMismatch), await RefusedAsync());
        Answers(query => authority.Answer(query, imprint: SHA256.HashData([1])));
        Assert.Equal((LogFailureClass.Log, FailureCode.TimestampImprintMismatch), await RefusedAsync());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Any_status_but_granted_is_refused(int status)
    {
        Answers(query => authority.Answer(query, status));
        Assert.Equal((LogFailureClass.Log, FailureCode.TimestampMalformed), await RefusedAsync());
    }

    [Fact]
    public async Task Another_authority_s_timestamp_is_refused()
    {
        using var other = new TestAuthority("TSA"); // of the same name
        Answers(query => other.Answer(query));
        var (failure, code) = await RefusedAsync();
        Assert.Equal(LogFailureClass.Log, failure);
        Assert.NotNull(code);
    }

    [Fact]
    public async Task Bytes_after_the_answer_are_refused_and_what_is_no_answer_is_the_network_s()
    {
        Answers(query => [.. authority.Answer(query), 0]);
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync()).Class);
        Answers(query => authority.Answer(query)[..^40]);
        Assert.Equal(LogFailureClass.Network, (await RefusedAsync()).Class);
        Answers(_ => "<html>"u8.ToArray());
        Assert.Equal(LogFailureClass.Network, (await RefusedAsync()).Class);
        Answers(_ => []);
        Assert.Equal(LogFailureClass.Network, (await RefusedAsync()).Class);
        Answers(_ => new byte[LogLimits.TimestampBytes + 1]);
        Assert.Equal(LogFailureClass.Log, (await RefusedAsync()).Class);
    }

    [Fact]
    public async Task An_authority_that_is_down_is_a_matter_of_the_network()
    {
        server.On("POST", Path, Reply.Of(503, "busy", ("Retry-After", "9")));
        var refused = await Assert.ThrowsAsync<LogException>(() => Client().StampAsync(Signature, Never));
        Assert.Equal((LogFailureClass.Network, TimeSpan.FromSeconds(9)), (refused.Class, refused.RetryAfter));
    }

    [Fact]
    public async Task Without_an_authority_it_says_so()
    {
        var client = TimestampClient.Of(new TimestampingOptions(), TimeProvider.System);
        Assert.False(client.IsConfigured);
        Assert.Equal(LogFailureClass.Config, (await Assert.ThrowsAsync<LogException>(() => client.StampAsync(Signature, Never))).Class);
    }

    [OpenSslFact]
    public async Task What_openssl_answers_as_an_authority_is_accepted()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["leaf.pem"], authority.LeafPem);
        await File.WriteAllTextAsync(folder["key.pem"], authority.KeyPem);
        await File.WriteAllTextAsync(folder["serial"], "01\n");
        await File.WriteAllTextAsync(folder["tsa.cnf"], $"""
            [tsa]
            default_tsa = own
            [own]
            serial = {folder["serial"]}
            signer_digest = sha256
            default_policy = 1.2.3.4.1
            digests = sha256
            ess_cert_id_alg = sha256
            """);
        server.On("POST", Path, new Reply(async context =>
        {
            await File.WriteAllBytesAsync(folder["query"], server.Requests.Last().Body);
            await using var openssl = await ProcessUnderTest.StartAsync("openssl", null, "ts", "-reply", "-config", folder["tsa.cnf"],
                "-queryfile", folder["query"], "-signer", folder["leaf.pem"], "-inkey", folder["key.pem"], "-out", folder["answer"]);
            Assert.True(await openssl.Exited == 0, openssl.Output);
            await context.Response.Body.WriteAsync(await File.ReadAllBytesAsync(folder["answer"]));
        }));
        var stamped = await Client().StampAsync(Signature, Never);
        Assert.Null(TimestampToken.Verify(stamped, Signature, [Options().Trusted()!], out _));
    }

    private void Answers(Func<byte[], byte[]> answer) => server.Otherwise = (_, _) => Reply.Of(200, answer(server.Requests.Last().Body));

    private TimestampingOptions Options() => new() { Url = new Uri(server.Url, Path), Certificates = authority.Chain };

    private TimestampClient Client() => TimestampClient.Of(Options(), TimeProvider.System);

    private async Task<(LogFailureClass Class, FailureCode? Code)> RefusedAsync()
    {
        var refused = await Assert.ThrowsAsync<LogException>(() => Client().StampAsync(Signature, Never));
        return (refused.Class, refused.Code);
    }
}
