using System.Text;
using System.Text.Json;
using Ledger.Core.Anchoring;
using Ledger.Testing;
using Ledger.Verify;
using Ledger.Verify.Signing;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>A recorded request and the real server's answer; see Golden/README.md.</summary>
public sealed record Exchange
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly Lazy<IReadOnlyDictionary<string, Exchange>> V1s = new(() => Read("rekor-v1.jsonl"));
    private static readonly Lazy<IReadOnlyDictionary<string, Exchange>> V2s = new(() => Read("rekor-v2.jsonl"));

    public required string Name { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public string? Body { get; init; }
    public required int Status { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
    public string? Answer { get; init; }
    public byte[]? AnswerBase64 { get; init; }

    public byte[] AnswerBytes => AnswerBase64 ?? Encoding.UTF8.GetBytes(Answer!);

    public static Exchange V1(string name) => V1s.Value[name];

    public static Exchange V2(string name) => V2s.Value[name];

    /// <summary>The path of one of the folder's files.</summary>
    public static string File(string name) => RepositoryPath.Of("tests", "Ledger.Core.Tests", "Anchoring", "Golden", name);

    /// <summary>What the recorded request submits.</summary>
    public LogSubmission Submission()
    {
        var spec = JsonDocument.Parse(Body!).RootElement;
        if (spec.TryGetProperty("hashedRekordRequestV002", out var v2)) return HashedRekordV2(v2);
        var kind = spec.GetProperty("kind").GetString();
        spec = spec.GetProperty("spec");
        return kind == "dsse" ? Dsse(spec.GetProperty("proposedContent")) : HashedRekordV1(spec);
    }

    private static LogSubmission HashedRekordV2(JsonElement request)
    {
        var signature = request.GetProperty("signature");
        return new(LogSubmissionKind.HashedRekord, new Digest(request.GetProperty("digest").GetBytesFromBase64()),
            signature.GetProperty("content").GetBytesFromBase64(),
            signature.GetProperty("verifier").GetProperty("publicKey").GetProperty("rawBytes").GetBytesFromBase64());
    }

    private static LogSubmission HashedRekordV1(JsonElement spec) => new(
        LogSubmissionKind.HashedRekord, Digest.ParseHex(spec.GetProperty("data").GetProperty("hash").GetProperty("value").GetString()!),
        spec.GetProperty("signature").GetProperty("content").GetBytesFromBase64(),
        OfPem(spec.GetProperty("signature").GetProperty("publicKey").GetProperty("content")));

    private static LogSubmission Dsse(JsonElement proposed)
    {
        var envelope = Encoding.UTF8.GetBytes(proposed.GetProperty("envelope").GetString()!);
        var read = JsonDocument.Parse(envelope).RootElement;
        var (type, payload) = (read.GetProperty("payloadType").GetString()!, read.GetProperty("payload").GetBytesFromBase64());
        var pae = Ledger.Verify.Entries.Dsse.Pae(type, payload);
        return new(LogSubmissionKind.Dsse, Digest.Sha256(pae), read.GetProperty("signatures")[0].GetProperty("sig").GetBytesFromBase64(),
            OfPem(proposed.GetProperty("verifiers")[0]), envelope);
    }

    private static byte[] OfPem(JsonElement base64)
    {
        Assert.True(Spki.TryReadPem(Encoding.ASCII.GetString(base64.GetBytesFromBase64()), out var spki));
        return spki;
    }

    private static Dictionary<string, Exchange> Read(string file) =>
        System.IO.File.ReadLines(File(file)).Select(line => JsonSerializer.Deserialize<Exchange>(line, Json)!).ToDictionary(e => e.Name);
}
