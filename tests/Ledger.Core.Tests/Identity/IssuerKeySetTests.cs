using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Core.Identity;

namespace Ledger.Core.Tests.Identity;

/// <summary>Which keys of a JSON Web Key Set may check a token.</summary>
public sealed class IssuerKeySetTests
{
    public static TheoryData<string> Unfit =>
    [
        "for encryption", "of a use that is a number", "for RS512", "for HS256", "RSA of 1024 bits", "RSA of zeros before 1024 bits",
        "P-384", "symmetric", "Ed25519", "without a kid", "kid a number", "kid of 256 characters",
        "n is no base64url", "n missing", "e missing",
        "point off the curve", "coordinate too short", "not an object", "RSA of 16384 bits",
    ];

    [Theory]
    [MemberData(nameof(Unfit))]
    public void What_could_not_check_a_token_is_left_out_and_the_rest_stays(string what)
    {
        var set = KeyDocuments.Parse(Key(what), KeyDocuments.RsaKey("good"));
        Assert.False(set.Contains("bad"));
        Assert.True(set.Contains("good"));
        Assert.Throws<InvalidDataException>(() => KeyDocuments.Parse(Key(what)));
    }

    [Fact]
    public void Use_and_alg_may_be_absent_and_P256_is_taken()
    {
        var plain = KeyDocuments.RsaKey("rsa");
        plain.Remove("use");
        plain.Remove("alg");
        var set = KeyDocuments.Parse(plain, KeyDocuments.EcKey("ec", ECCurve.NamedCurves.nistP256, "P-256"));
        Assert.True(set.Contains("rsa"));
        Assert.True(set.Contains("ec"));
        Assert.False(set.Contains("RSA"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[]}""")]
    [InlineData("<html>")]
    [InlineData("")]
    public void What_is_no_key_set_is_refused_as_a_whole(string text)
    {
        var refused = Record.Exception(() => IssuerKeySet.Parse(Encoding.UTF8.GetBytes(text)));
        Assert.True(refused is InvalidDataException or JsonException, refused?.ToString());
    }

    [Fact]
    public void A_set_has_limits()
    {
        Assert.True(KeyDocuments.Set(Enumerable.Range(0, IssuerKeySet.MaxKeys).Select(i => $"k{i}")).Contains("k99"));
        Assert.Throws<InvalidDataException>(() => KeyDocuments.Set(Enumerable.Range(0, IssuerKeySet.MaxKeys + 1).Select(i => $"k{i}")));
        Assert.Throws<InvalidDataException>(() => IssuerKeySet.Parse(new byte[IssuerKeySet.MaxBytes + 1]));
    }

    private static JsonNode Key(string what)
    {
        var key = KeyDocuments.RsaKey("bad");
        switch (what)
        {
            case "for encryption": key["use"] = "enc"; break;
            case "of a use that is a number": key["use"] = 1; break;
            case "for RS512": key["alg"] = "RS512"; break;
            case "for HS256": key["alg"] = "HS256"; break;
            case "RSA of 1024 bits": return KeyDocuments.RsaKey("bad", 1024);
            case "RSA of 16384 bits": key["n"] = new string('_', 2731); break;
            case "RSA of zeros before 1024 bits":
                key["n"] = new string('A', 171) + KeyDocuments.RsaKey("bad", 1024)["n"]!.GetValue<string>();
                break;
            case "P-384": return KeyDocuments.EcKey("bad", ECCurve.NamedCurves.nistP384, "P-384");
            case "symmetric": return new JsonObject { ["kty"] = "oct", ["kid"] = "bad", ["k"] = "c2VjcmV0" };
            case "Ed25519": return new JsonObject { ["kty"] = "OKP", ["kid"] = "bad", ["crv"] = "Ed25519", ["x"] = new string('A', 43) };
            case "without a kid": key.Remove("kid"); break;
            case "kid a number": key["kid"] = 7; break;
            case "kid of 256 characters": key["kid"] = new string('k', 256); break;
            case "n is no base64url": key["n"] = "!!!"; break;
            case "n missing": key.Remove("n"); break;
            case "e missing": key.Remove("e"); break;
            case "point off the curve":
                key = KeyDocuments.EcKey("bad", ECCurve.NamedCurves.nistP256, "P-256");
                key["y"] = key["x"]!.GetValue<string>();
                break;
            case "coordinate too short":
                key = KeyDocuments.EcKey("bad", ECCurve.NamedCurves.nistP256, "P-256");
                key["y"] = "AQAB";
                break;
            default: return "a key";
        }
        return key;
    }
}
