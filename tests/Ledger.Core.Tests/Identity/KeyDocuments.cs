using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Core.Identity;

namespace Ledger.Core.Tests.Identity;

/// <summary>JSON Web Key Sets for tests.</summary>
internal static class KeyDocuments
{
    private static readonly RSAParameters Rsa = Public(2048);

    public static IssuerKeySet Set(params IEnumerable<string> keyIds) => Parse([.. keyIds.Select(keyId => RsaKey(keyId))]);

    public static IssuerKeySet Parse(params JsonNode[] keys) =>
        IssuerKeySet.Parse(Encoding.UTF8.GetBytes(new JsonObject { ["keys"] = new JsonArray(keys) }.ToJsonString()));

    public static JsonObject RsaKey(string keyId, int bits = 2048)
    {
        var key = bits == 2048 ? Rsa : Public(bits);
        return new JsonObject
        {
            ["kty"] = "RSA", ["kid"] = keyId, ["use"] = "sig", ["alg"] = "RS256", ["n"] = Base64Url.EncodeToString(key.Modulus),
            ["e"] = Base64Url.EncodeToString(key.Exponent),
        };
    }

    public static JsonObject EcKey(string keyId, ECCurve curve, string name)
    {
        using var key = ECDsa.Create(curve);
        var point = key.ExportParameters(false).Q;
        return new JsonObject
        {
            ["kty"] = "EC", ["kid"] = keyId, ["use"] = "sig", ["crv"] = name, ["x"] = Base64Url.EncodeToString(point.X),
            ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }

    private static RSAParameters Public(int bits)
    {
        using var rsa = RSA.Create(bits);
        return rsa.ExportParameters(false);
    }
}
