using System.Net;
using System.Net.Http.Headers;
using Ledger.Core.Problems;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;

namespace Ledger.Core.Signing;

/// <summary>Vault's transit engine over HTTP: make keys, read their public halves, sign in batches.
/// It trusts nothing it is told: see <see cref="VerifiedSigner"/>.</summary>
public sealed class VaultTransit
{
    private readonly HttpClient http;
    private readonly ResiliencePipeline pipeline;
    private readonly ILogger<VaultTransit> log;
    private readonly string mount;

    public VaultTransit(HttpClient http, IOptions<VaultOptions> options, ResiliencePipeline pipeline, ILogger<VaultTransit> log)
    {
        this.http = http;
        this.pipeline = pipeline;
        this.log = log;
        var vault = options.Value;
        mount = $"v1/{vault.Mount.Trim('/')}";
        http.BaseAddress = new Uri(vault.Address!.AbsoluteUri.TrimEnd('/') + "/");
        http.Timeout = Timeout.InfiniteTimeSpan; // the pipeline times out
        http.DefaultRequestHeaders.Add("X-Vault-Request", "true");
        if (vault.Token is { Length: > 0 } token) http.DefaultRequestHeaders.Add("X-Vault-Token", token);
    }

    /// <summary>Signs every input with one version of a key. The results are in order; each may have failed by itself.</summary>
    /// <param name="version">Null: the newest.</param>
    /// <exception cref="LedgerProblemException">signer-unavailable: the call as a whole failed.</exception>
    public async Task<VaultSignature[]> SignAsync(string key, KeyPurpose purpose, IReadOnlyList<byte[]> inputs, CancellationToken cancel,
        int? version = null)
    {
        var body = VaultMessages.SignRequest(inputs, purpose, version);
        return (await CallAsync(
            HttpMethod.Post, $"{mount}/sign/{key}", body, "sign", answer => VaultMessages.SignAnswer(answer, inputs.Count), cancel))!;
    }

    /// <summary>The public keys of a key's live versions as DER SubjectPublicKeyInfo; null where there is no such key.</summary>
    /// <exception cref="LedgerProblemException">signer-unavailable.</exception>
    public Task<IReadOnlyDictionary<int, byte[]>?> ReadKeyAsync(string key, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, $"{mount}/keys/{key}", null, "read key", VaultMessages.KeyAnswer, cancel, allowMissing: true);

    /// <summary>Makes a key, or leaves it as it is where it exists (Vault answers 200 to both).</summary>
    /// <exception cref="LedgerProblemException">signer-unavailable.</exception>
    public Task CreateKeyAsync(string key, KeyPurpose purpose, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, $"{mount}/keys/{key}", VaultMessages.CreateKeyRequest(purpose), "create key", answer => answer, cancel);

    /// <summary>Makes the next version of a key; the older ones stay. An answer that was lost on its way leaves a version that nothing was
    /// signed with.</summary>
    /// <exception cref="LedgerProblemException">signer-unavailable.</exception>
    public Task RotateKeyAsync(string key, CancellationToken cancel) =>
        CallAsync(HttpMethod.Post, $"{mount}/keys/{key}/rotate", "{}"u8.ToArray(), "rotate key", answer => answer, cancel);

    // An answer that cannot be read is the call's failure, like one that never came; it is not tried again.
    private async Task<T?> CallAsync<T>(
        HttpMethod method, string path, byte[]? body, string what, Func<byte[], T> read,
        CancellationToken cancel, bool allowMissing = false)
        where T : class
    {
        try
        {
            var received = await pipeline.ExecuteAsync(async token =>
            {
                using var request = new HttpRequestMessage(method, path);
                if (body is not null)
                    request.Content = new ByteArrayContent(body)
                        { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
                using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token);
                var answer = await response.Content.ReadAsByteArrayAsync(token);
                if (allowMissing && response.StatusCode == HttpStatusCode.NotFound) return null;
                if (!response.IsSuccessStatusCode) throw new VaultException((int)response.StatusCode, VaultMessages.Errors(answer));
                return answer;
            }, cancel);
            return received is null ? null : read(received);
        }
        catch (Exception e) when (e is VaultException or HttpRequestException or IOException or ExecutionRejectedException
                                  || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            log.LogError("vault {Operation}: {Path}: {Reason}", what, path, e.Message);
            throw new LedgerProblemException(
                new LedgerProblem(ProblemTypes.SignerUnavailable, "The signer is not available; nothing was written."), e);
        }
    }
}

/// <summary>Vault answered, but not with success.</summary>
public sealed class VaultException(int status, string errors) : Exception($"status {status}: {errors}")
{
    public int Status { get; } = status;
}
