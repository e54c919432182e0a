using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.AppHost.Database;
using Ledger.AppHost.Parameters;
using Ledger.AppHost.Rekor;
using Ledger.AppHost.Timestamping;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ledger.AppHost.Tests.Model;

/// <summary>Values that the AppHost makes itself.</summary>
public sealed class ValueTests
{
    [Fact]
    public void A_login_has_the_server_of_the_administrator_and_nothing_else_of_theirs()
    {
        var login = DatabaseLogin.Of("Host=db;Port=5433;User ID=postgres;Pwd=secret;DB=postgres;SSL Mode=Require", "ledger_api", "own");
        Assert.Equal(
            ["database=ledger", "host=db", "password=own", "port=5433", "ssl mode=require", "username=ledger_api"],
            login!.ToLowerInvariant().Split(';').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("postgresql://postgres:secret@db/postgres")]
    [InlineData("")]
    [InlineData(null)]
    public void A_connection_string_that_is_none_is_refused_without_being_shown(string? text)
    {
        var error = Assert.Throws<DistributedApplicationException>(() => DatabaseLogin.Of(text, "ledger_api", "own"));
        Assert.StartsWith("connection string postgres: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_log_s_public_key_is_that_of_its_private_key()
    {
        var pem = EcdsaKey.Create();
        using var secret = ECDsa.Create();
        secret.ImportFromPem(pem);
        using var open = ECDsa.Create();
        open.ImportFromPem(EcdsaKey.PublicHalf(pem));
        byte[] data = [1, 2, 3];
        var signature = secret.SignData(data, HashAlgorithmName.SHA256);
        Assert.True(open.VerifyData(data, signature, HashAlgorithmName.SHA256));
        Assert.Throws<DistributedApplicationException>(() => EcdsaKey.PublicHalf("no key"));
    }

    [Fact]
    public void An_authority_is_a_leaf_for_timestamps_alone_under_a_root_with_its_key()
    {
        var identity = AuthorityIdentity.Create();
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(AuthorityIdentity.Certificates(identity));
        var (leaf, root) = (chain[0], chain[1]);
        var use = Assert.Single(leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>());
        Assert.True(use.Critical);
        Assert.Equal("1.3.6.1.5.5.7.3.8", Assert.Single(use.EnhancedKeyUsages.Cast<Oid>()).Value);
        Assert.True(Assert.Single(root.Extensions.OfType<X509BasicConstraintsExtension>()).CertificateAuthority);
        using var way = new X509Chain();
        way.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        way.ChainPolicy.CustomTrustStore.Add(root);
        way.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        Assert.True(way.Build(leaf));
        using var key = ECDsa.Create();
        key.ImportFromPem(AuthorityIdentity.Key(identity));
        using var open = leaf.GetECDsaPublicKey()!;
        Assert.Equal(open.ExportSubjectPublicKeyInfo(), key.ExportSubjectPublicKeyInfo());
    }

    [Theory]
    [InlineData(new byte[] { 0x4a, 0, 0, 0, 0x0a, 0x38, 0x2e }, HealthStatus.Healthy)]
    [InlineData(new byte[] { 0x17, 0, 0, 0, 0xff, 0x10, 0x04 }, HealthStatus.Unhealthy)]
    [InlineData(new byte[] { }, HealthStatus.Unhealthy)]
    public async Task A_database_is_ready_when_it_greets(byte[] greeting, HealthStatus expected)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serve = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync();
            await client.GetStream().WriteAsync(greeting);
        });
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        Assert.Equal(expected, (await MysqlGreeting.AskAsync("127.0.0.1", port, CancellationToken.None)).Status);
        await serve;
    }
}
