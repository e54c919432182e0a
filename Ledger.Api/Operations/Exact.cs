using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Ledger.Api.Operations;

/// <summary>Answers that are bytes to the letter, tagged with their own hash, so that If-None-Match costs no second copy.</summary>
internal static class Exact
{
    public const string TextMediaType = "text/plain; charset=utf-8";

    public static FileContentHttpResult Text(string text) => Bytes(Encoding.UTF8.GetBytes(text), TextMediaType);

    public static FileContentHttpResult Bytes(byte[] bytes, string mediaType) =>
        TypedResults.Bytes(bytes, mediaType,
            entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\""));
}
