using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ledger.Api.Tests.Fixture;

/// <summary>An OpenID Connect issuer that signs whatever it is asked to: what a resource server must refuse cannot be had from an honest
/// one.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "ledger-api";

    private readonly WebApplication app;
    private volatile bool down;

    private TokenIssuer(WebApplication app) => this.app = app;

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Uri Address => new(app.Urls.First());

    public string Issuer => Address.AbsoluteUri + "realms/ledger";

    public string Metadata => Issuer + "/.well-known/openid-configuration";

    /// <summary>How often its keys were asked for.</summary>
    public int KeyReads { get; private set; }

    /// <summary>While set, every connection is cut.</summary>
    public bool Down { get => down; set => down = value; }

    public static async Task<TokenIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = new TokenIssuer(app);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        return issuer;
    }

    /// <summary>The claims of an ordinary access token; change them before <see cref="Sign"/>.</summary>
    public JsonObject Claims(string? tenant, params string[] roles)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = "alice",
            ["azp"] = "ledger-cli",
            ["iat"] = now,
            ["exp"] = now + 3600,
            ["realm_access"] = new JsonObject { ["roles"] = new JsonArray([.. roles.Select(role => (JsonNode)role)]) },
        };
        if (tenant is not null) claims["tenant"] = tenant;
        return claims;
    }

    public string Token(string? tenant, params string[] roles) => Sign(Claims(tenant, roles));

    public string Sign(JsonObject claims, string algorithm = "RS256", string? keyId = null)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = keyId ?? (algorithm == "ES256" ? "ec" : "rsa") };
        var input = $"{Encode(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{Encode(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        var bytes = Encoding.ASCII.GetBytes(input);
        var signature = algorithm switch
        {
            "RS256" => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS256" => Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "ES256" => Ec.SignData(bytes, HashAlgorithmName.SHA256),
            "HS256" => HMACSHA256.HashData(Rsa.ExportSubjectPublicKeyInfo(), bytes),
            _ => [],
        };
        return $"{input}.{Encode(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Rsa.Dispose();
        Ec.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (down)
        {
            context.Abort();
            return Task.CompletedTask;
        }
        if (context.Request.Path.Value!.EndsWith("openid-configuration", StringComparison.Ordinal))
            return context.Response.WriteAsJsonAsync(new { issuer = Issuer, jwks_uri = Issuer + "/certs" });
        KeyReads++;
        var rsa = Rsa.ExportParameters(false);
        var ec = Ec.ExportParameters(false);
        return context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            keys = new object[]
            {
                new { kty = "RSA", use = "sig", alg = "RS256", kid = "rsa", n = Encode(rsa.Modulus!), e = Encode(rsa.Exponent!) },
                new { kty = "EC", use = "sig", alg = "ES256", kid = "ec", crv = "P-256", x = Encode(ec.Q.X!), y = Encode(ec.Q.Y!) },
            },
        }));
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
