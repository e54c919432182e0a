using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Ledger.Workers.Tenancy;

namespace Ledger.Workers.Tests.Tenancy;

public sealed class RealmKeysTests
{
    [Fact]
    public void Only_keys_that_the_API_takes_signatures_of_count()
    {
        var keys = RealmKeys.Of(new JsonObject
        {
            ["keys"] = new JsonArray(
                Rsa("good", 2048), Rsa("short", 1024), Rsa("for-encryption", 2048, use: "enc"), Rsa("another-hash", 2048, alg: "RS512"),
                Rsa("", 2048), new JsonObject { ["kid"] = "secret", ["kty"] = "oct", ["alg"] = "HS256", ["k"] = "AA" },
                new JsonObject { ["kid"] = "empty", ["kty"] = "RSA" }, Ec("curve")),
        });

        Assert.Equal(["curve", "good"], keys.Ids.Order());
    }

    [Fact]
    public void A_token_is_signed_by_the_key_it_names_and_by_no_other()
    {
        using var rsa = RSA.Create(2048);
        var keys = RealmKeys.Of(new JsonObject { ["keys"] = new JsonArray(Rsa("mine", rsa), Rsa("other", 2048)) });

        Assert.True(keys.Signed(Token(rsa, "mine", "RS256")));
        Assert.False(keys.Signed(Token(rsa, "other", "RS256")));
        Assert.False(keys.Signed(Token(rsa, "unknown", "RS256")));
        Assert.False(keys.Signed(Token(rsa, "mine", "none")));
        Assert.False(keys.Signed(Token(rsa, "mine", "ES256")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("e30.W10.AA")]
    [InlineData("e30.e30.!")]
    public void What_is_no_JWT_is_refused(string text) => Assert.Throws<RealmRefusal>(() => RealmToken.Parse(text));

    private static RealmToken Token(RSA key, string kid, string alg)
    {
        var text = Text(new JsonObject { ["alg"] = alg, ["kid"] = kid }) + "." + Text(new JsonObject { ["iss"] = "me" });
        var signature = key.SignData(System.Text.Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return RealmToken.Parse($"{text}.{Base64Url.EncodeToString(signature)}");
    }

    private static string Text(JsonObject json) => Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonObject Rsa(string kid, int bits, string use = "sig", string alg = "RS256")
    {
        using var key = RSA.Create(bits);
        return Rsa(kid, key, use, alg);
    }

    private static JsonObject Rsa(string kid, RSA key, string use = "sig", string alg = "RS256")
    {
        var parts = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kid"] = kid, ["kty"] = "RSA", ["alg"] = alg, ["use"] = use,
            ["n"] = Base64Url.EncodeToString(parts.Modulus), ["e"] = Base64Url.EncodeToString(parts.Exponent),
        };
    }

    private static JsonObject Ec(string kid)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kid"] = kid, ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig",
            ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }
}
