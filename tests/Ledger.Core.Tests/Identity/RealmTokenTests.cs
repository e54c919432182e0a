using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Ledger.Core.Identity;

namespace Ledger.Core.Tests.Identity;

public sealed class RealmTokenTests
{
    [Fact]
    public void A_token_is_signed_by_the_key_it_names_and_by_no_other()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var keys = KeyDocuments.Parse(Rsa("mine", rsa), KeyDocuments.RsaKey("other"), Ec("curve", ec));

        Assert.True(Token("mine", "RS256", rsa).IsSignedBy(keys));
        Assert.True(Token("curve", "ES256", signed => ec.SignData(signed, HashAlgorithmName.SHA256)).IsSignedBy(keys));
        Assert.False(Token("other", "RS256", rsa).IsSignedBy(keys));
        Assert.False(Token("unknown", "RS256", rsa).IsSignedBy(keys));
        Assert.False(Token("mine", "none", rsa).IsSignedBy(keys));
        Assert.False(Token("mine", "ES256", rsa).IsSignedBy(keys));
        Assert.False(Token("mine", "RS256", _ => new byte[256]).IsSignedBy(keys));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("e30.W10.AA")]
    [InlineData("e30.e30.!")]
    public void What_is_no_JWT_is_refused(string text) => Assert.Throws<RealmRefusal>(() => RealmToken.Parse(text));

    private static RealmToken Token(string kid, string alg, RSA key) =>
        Token(kid, alg, signed => key.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    private static RealmToken Token(string kid, string alg, Func<byte[], byte[]> sign)
    {
        var text = Text(new JsonObject { ["alg"] = alg, ["kid"] = kid }) + "." + Text(new JsonObject { ["iss"] = "me" });
        return RealmToken.Parse($"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}");
    }

    private static string Text(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static JsonObject Rsa(string kid, RSA key)
    {
        var parts = key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kid"] = kid, ["kty"] = "RSA", ["alg"] = "RS256", ["use"] = "sig",
            ["n"] = Base64Url.EncodeToString(parts.Modulus), ["e"] = Base64Url.EncodeToString(parts.Exponent),
        };
    }

    private static JsonObject Ec(string kid, ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["kid"] = kid, ["kty"] = "EC", ["crv"] = "P-256", ["use"] = "sig",
            ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y),
        };
    }
}
