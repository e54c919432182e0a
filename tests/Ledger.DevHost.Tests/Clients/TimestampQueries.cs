using System.Formats.Asn1;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Ledger.DevHost.Tests.Clients;

/// <summary>RFC 3161 queries over SHA-256, as a client makes them.</summary>
internal static class TimestampQueries
{
    /// <summary>Asks for certificates and with a nonce; the answer as it is, a TimeStampResp.</summary>
    public static async Task<byte[]> AskAsync(HttpClient http, Uri authority, byte[] digest)
    {
        using var answer = await SendAsync(http, authority, Query(digest));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/timestamp-reply", answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public static Task<HttpResponseMessage> SendAsync(HttpClient http, Uri authority, byte[] query) =>
        http.PostAsync(authority, new ByteArrayContent(query)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/timestamp-query") },
        });

    public static byte[] Query(byte[] digest, string hash = "2.16.840.1.101.3.4.2.1")
    {
        var w = new AsnWriter(AsnEncodingRules.DER);
        using (w.PushSequence())
        {
            w.WriteInteger(1);
            using (w.PushSequence())
            {
                using (w.PushSequence())
                    w.WriteObjectIdentifier(hash);
                w.WriteOctetString(digest);
            }
            w.WriteInteger(RandomNumberGenerator.GetInt32(int.MaxValue));
            w.WriteBoolean(true);
        }
        return w.Encode();
    }
}
