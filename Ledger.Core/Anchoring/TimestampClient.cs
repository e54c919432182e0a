using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using Ledger.Verify;
using Ledger.Verify.Anchoring;

namespace Ledger.Core.Anchoring;

/// <summary>RFC 3161 over HTTP: a signature's time, by an authority whose certificates are pinned.
/// https://www.rfc-editor.org/rfc/rfc3161#section-3.4</summary>
public sealed class TimestampClient
{
    private const int NonceBytes = 8;

    private readonly LogHttp? http;
    private readonly TrustedTimestampAuthority? authority;

    internal TimestampClient(LogHttp? http, TrustedTimestampAuthority? authority) => (this.http, this.authority) = (http, authority);

    /// <summary>The client that the options describe; one that says so where they describe none.</summary>
    public static TimestampClient Of(TimestampingOptions options, TimeProvider time, LogMetrics? metrics = null) =>
        Of(options, time, LogHttp.Handler(), metrics);

    internal static TimestampClient Of(TimestampingOptions options, TimeProvider time, HttpMessageHandler handler,
        LogMetrics? metrics = null) => new(
        options.Url is null ? null : new LogHttp(new HttpClient(handler), options.Url, time, metrics?.OfTimestamping()),
        options.Trusted());

    /// <summary>Whether an authority is configured.</summary>
    public bool IsConfigured => authority is not null;

    /// <summary>The authority's TimeStampResp over SHA-256 of the signature, DER as bundles hold it; verified.</summary>
    /// <param name="signature">The bytes as the log gets them: DER of an ECDSA signature.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="LogException">None, or one that does not verify.</exception>
    public async Task<byte[]> StampAsync(byte[] signature, CancellationToken cancel)
    {
        if (http is null || authority is null)
            throw new LogException(LogFailureClass.Config, $"{TimestampingOptions.Section}:Url is not set: no timestamping authority");
        var query = Rfc3161TimestampRequest.CreateFromHash(SHA256.HashData(signature), HashAlgorithmName.SHA256,
            nonce: RandomNumberGenerator.GetBytes(NonceBytes), requestSignerCertificates: true);
        var answer = await AskAsync(http, query, cancel);
        Require(query, answer.Body);
        if (TimestampToken.Verify(answer.Body, signature, [authority], out _) is { } failure)
            throw new LogException(LogFailureClass.Log, $"the timestamp does not verify: {failure.Text()}", failure);
        return answer.Body;
    }

    // There is nothing else to ask an authority for, so a 404 of its own looks like that of a proxy before one that is gone: it is waited
    // for.
    private static async Task<LogAnswer> AskAsync(LogHttp http, Rfc3161TimestampRequest query, CancellationToken cancel)
    {
        try
        {
            return await http.AskAsync(LogCall.Post("", query.Encode(), LogLimits.TimestampBytes, 200) with
            {
                ContentType = "application/timestamp-query",
                Accept = "application/timestamp-reply",
            }, cancel);
        }
        catch (LogException e) when (e.Class == LogFailureClass.Config)
        {
            throw new LogException(LogFailureClass.Network, e.Message, e.Code, e.RetryAfter, e);
        }
    }

    // Granted, over our imprint and nonce. Whose it is and whether it is signed is judged after.
    private static void Require(Rfc3161TimestampRequest query, byte[] answer)
    {
        switch (Status(answer))
        {
            case 0:
                break;
            case null:
                throw new LogException(LogFailureClass.Network, "the timestamping authority's answer is not a TimeStampResp",
                    FailureCode.TimestampMalformed);
            case var status:
                throw new LogException(LogFailureClass.Log, $"the timestamping authority refused: PKIStatus {status}",
                    FailureCode.TimestampMalformed);
        }
        try
        {
            query.ProcessResponse(answer, out var read);
            if (read != answer.Length) throw new CryptographicException("bytes after the response");
        }
        catch (CryptographicException e)
        {
            throw new LogException(LogFailureClass.Log, "the timestamp is not over what was asked, or is malformed",
                FailureCode.TimestampImprintMismatch, null, e);
        }
    }

    /// <summary>TimeStampResp ::= SEQUENCE { SEQUENCE { status INTEGER, … }, timeStampToken }; null where it is not that.</summary>
    private static int? Status(byte[] answer)
    {
        try
        {
            return new AsnReader(answer, AsnEncodingRules.BER).ReadSequence().ReadSequence().TryReadInt32(out var status) ? status : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }
}
