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
    private readonly TimeProvider time;
    private readonly string realm;
    private volatile bool down;
    private int keyReads;

    private TokenIssuer(WebApplication app, TimeProvider time, string realm) => (this.app, this.time, this.realm) = (app, time, realm);

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Uri Address => new(app.Urls.First());

    public string Issuer => Address.AbsoluteUri + "realms/" + realm;

    public string Metadata => Issuer + "/.well-known/openid-configuration";

    /// <summary>How often its keys were asked for.</summary>
    public int KeyReads => Volatile.Read(ref keyReads);

    /// <summary>The kids under which it shows its keys; others are gone.</summary>
    public IReadOnlyList<string> KeyIds { get; set; } = ["rsa", "ec"];

    /// <summary>What it shows instead of its keys.</summary>
    public string? KeySet { get; set; }

    /// <summary>The issuer that its discovery document names, where that is another.</summary>
    public string? Pretence { get; set; }

    /// <summary>Its answers wait for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>While set, every connection is cut.</summary>
    public bool Down { get => down; set => down = value; }

    /// <param name="time">The clock of its tokens; null: the machine's.</param>
    public static async Task<TokenIssuer> StartAsync(TimeProvider? time = null, string realm = "ledger")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var issuer = new TokenIssuer(app, time ?? TimeProvider.System, realm);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        return issuer;
    }

    /// <summary>The claims of an ordinary access token; change them before <see cref="Sign"/>.</summary>
    public JsonObject Claims(string? tenant, params string[] roles)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
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

    /// <param name="change">Of the header, before it is signed.</param>
    public string Sign(JsonObject claims, string algorithm = "RS256", string? keyId = null, Action<JsonObject>? change = null)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = keyId ?? (algorithm == "ES256" ? "ec" : "rsa") };
        change?.Invoke(header);
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

    private async Task AnswerAsync(HttpContext context)
    {
        var isDiscovery = context.Request.Path.Value!.EndsWith("openid-configuration", StringComparison.Ordinal);
        if (!isDiscovery) Interlocked.Increment(ref keyReads);
        if (down) context.Abort();
        else if (isDiscovery) await context.Response.WriteAsJsonAsync(new { issuer = Pretence ?? Issuer, jwks_uri = Issuer + "/certs" });
        else
        {
            await Gate;
            var own = new JsonObject { ["keys"] = new JsonArray([.. KeyIds.Select(Key)]) };
            await context.Response.WriteAsync(KeySet ?? own.ToJsonString());
        }
    }

    private JsonNode Key(string keyId)
    {
        var (rsa, ec) = (Rsa.ExportParameters(false), Ec.ExportParameters(false));
        return keyId.StartsWith("ec", StringComparison.Ordinal)
            ? new JsonObject
            {
                ["kty"] = "EC", ["use"] = "sig", ["alg"] = "ES256", ["kid"] = keyId, ["crv"] = "P-256", ["x"] = Encode(ec.Q.X!),
                ["y"] = Encode(ec.Q.Y!),
            }
            : new JsonObject
            {
                ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = keyId, ["n"] = Encode(rsa.Modulus!),
                ["e"] = Encode(rsa.Exponent!),
            };
    }

    private static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
