using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Core.Identity;

namespace Ledger.Api.Tests.Tenancy;

/// <summary>JSON Web Key Sets for tests: what a set may hold is the tests' of the set itself.</summary>
internal static class KeyDocuments
{
    private static readonly RSAParameters Rsa = Public();

    public static IssuerKeySet Set(params IEnumerable<string> keyIds) => IssuerKeySet.Parse(Encoding.UTF8.GetBytes(
        new JsonObject { ["keys"] = new JsonArray([.. keyIds.Select(Key)]) }.ToJsonString()));

    private static JsonObject Key(string keyId) => new()
    {
        ["kty"] = "RSA", ["kid"] = keyId, ["use"] = "sig", ["alg"] = "RS256", ["n"] = Base64Url.EncodeToString(Rsa.Modulus),
        ["e"] = Base64Url.EncodeToString(Rsa.Exponent),
    };

    private static RSAParameters Public()
    {
        using var rsa = RSA.Create(2048);
        return rsa.ExportParameters(false);
    }
}
