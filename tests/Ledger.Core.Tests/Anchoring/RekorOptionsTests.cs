using System.Security.Cryptography;
using Ledger.Core.Anchoring;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Testing;
using Ledger.Verify;
using Ledger.Verify.Anchoring;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ledger.Core.Tests.Anchoring;

/// <summary>What an operator may write about logs, and what a program makes of it.</summary>
public sealed class RekorOptionsTests : IDisposable
{
    private static readonly string V1Key = File.ReadAllText(Exchange.File("rekor-log.pub.pem"));
    private static readonly string V2Key = File.ReadAllText(Exchange.File("rekor2-log.pub.pem"));

    private readonly TestAuthority authority = new("TSA");

    public void Dispose() => authority.Dispose();

    [Fact]
    public void Nothing_configured_is_nothing_anchored_and_no_fault()
    {
        var services = Services([]);
        Assert.Empty(ConfigurationFaults.Find(services));
        var logs = services.GetRequiredService<TransparencyLogs>();
        Assert.Equal((0, null), (logs.All.Count, logs.Primary));
        Assert.Empty(logs.Root.Logs);
        Assert.False(services.GetRequiredService<TimestampClient>().IsConfigured);
    }

    [Fact]
    public void Two_logs_and_an_authority_are_opened_in_their_order()
    {
        var services = Services(Both());
        Assert.Empty(ConfigurationFaults.Find(services));
        var logs = services.GetRequiredService<TransparencyLogs>();
        Assert.Equal([("rekor-v1", 0, "http://v1.test/"), ("rekor-v2", 1, "http://127.0.0.1:3000/")],
            logs.All.Select(log => (log.Backend, log.Ordinal, log.Url.AbsoluteUri)));
        Assert.Same(logs.All[0], logs.Primary);
        Assert.Equal("e92adaefa2a77c6872bbf96bf8c00eef0c922dbadae20bc9f1afd1d2a012aeb8", logs.All[0].Trusted.LogId.ToHex());
        Assert.Equal("153db1a2975c7ddac15622c46f907586afb53208c40072764b58a7ad963e0696", logs.All[1].Trusted.LogId.ToHex());
        Assert.Same(logs.All[1], logs.Of(logs.All[1].Trusted.LogId));
        Assert.Null(logs.Of(Digest.Zero));
        Assert.True(services.GetRequiredService<TimestampClient>().IsConfigured);
    }

    [Fact]
    public void The_trusted_root_names_the_origin_not_the_address()
    {
        var root = Services(Both()).GetRequiredService<TransparencyLogs>().Root;
        Assert.Equal(["v1.test", "rekor2.loopback.test"], root.Logs.Select(log => log.Origin));
        Assert.Equal(2, Assert.Single(root.TimestampAuthorities).Certificates.Count);
        Assert.True(TrustedRoot.TryParse(root.ToBytes(), out var read, out _));
        Assert.Equal(root.ToBytes(), read.ToBytes());
    }

    [Fact]
    public void Keys_and_certificates_may_be_paths_of_files()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["tsa.pem"], authority.Chain);
        var settings = Both();
        settings["Rekor:Logs:0:PublicKey"] = Exchange.File("rekor-log.pub.pem");
        settings["Timestamping:Certificates"] = folder["tsa.pem"];
        var fromFiles = Services(settings);
        Assert.Empty(ConfigurationFaults.Find(fromFiles));
        Assert.Equal(Services(Both()).GetRequiredService<TransparencyLogs>().Root.ToBytes(),
            fromFiles.GetRequiredService<TransparencyLogs>().Root.ToBytes());
    }

    [Theory]
    [InlineData("Rekor:Logs:0:Url", null)]
    [InlineData("Rekor:Logs:0:Url", "rekor.test")]
    [InlineData("Rekor:Logs:0:Url", "ftp://rekor.test")]
    [InlineData("Rekor:Logs:0:Url", "https://user:hunter2@rekor.test")]
    [InlineData("Rekor:Logs:0:Url", "https://rekor.test/?token=hunter2")]
    [InlineData("Rekor:Logs:0:Version", "3")]
    [InlineData("Rekor:Logs:0:PublicKey", null)]
    [InlineData("Rekor:Logs:0:PublicKey", " ")]
    [InlineData("Rekor:Logs:0:PublicKey", "/no/such/file.pem")]
    [InlineData("Rekor:Logs:0:PublicKey", "/tmp")]
    [InlineData("Rekor:Logs:0:PublicKey", "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n")]
    [InlineData("Rekor:Logs:0:Origin", "https://rekor.test")]
    [InlineData("Rekor:Logs:0:SubmissionsPerHour", "-1")]
    [InlineData("Rekor:Logs:0:SubmissionsPer10Minutes", "0")]
    [InlineData("Rekor:Logs:1:Origin", null)]
    [InlineData("Rekor:Logs:1:Origin", "")]
    [InlineData("Timestamping:Url", null)]
    [InlineData("Timestamping:Url", "tsa.test")]
    [InlineData("Timestamping:Certificates", null)]
    [InlineData("Timestamping:Certificates", "/no/such/file.pem")]
    [InlineData("Timestamping:Certificates", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n")]
    [InlineData("Timestamping:Certificates", "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n")]
    public void A_fault_is_one_line_that_names_its_setting_and_shows_no_password(string name, string? value)
    {
        var settings = Both();
        settings[name] = value;
        // Without the authority's address two settings are at fault, and each says so.
        var faults = ConfigurationFaults.Find(Services(settings)).Where(line => line.StartsWith(name + ":", StringComparison.Ordinal)
            || line.StartsWith(name + " ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(faults);
        Assert.All(faults, line => Assert.False(line.Contains('\n') || line.Contains("hunter2", StringComparison.Ordinal), line));
    }

    [Fact]
    public void An_Ed25519_key_is_for_v2_alone()
    {
        var settings = Both();
        settings["Rekor:Logs:0:PublicKey"] = V2Key;
        Assert.Contains("ECDSA P-256", Assert.Single(ConfigurationFaults.Find(Services(settings))), StringComparison.Ordinal);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        settings["Rekor:Logs:0:PublicKey"] = V1Key;
        settings["Rekor:Logs:1:PublicKey"] = p384.ExportSubjectPublicKeyInfoPem();
        Assert.StartsWith("Rekor:Logs:1:PublicKey:", Assert.Single(ConfigurationFaults.Find(Services(settings))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_v2_log_needs_a_timestamping_authority()
    {
        var settings = Both();
        settings.Remove("Timestamping:Url");
        settings.Remove("Timestamping:Certificates");
        var fault = Assert.Single(ConfigurationFaults.Find(Services(settings)));
        Assert.StartsWith("Timestamping:Url is not set", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void One_log_is_configured_once()
    {
        var settings = Both();
        settings["Rekor:Logs:2:Url"] = "http://elsewhere.test";
        settings["Rekor:Logs:2:PublicKey"] = V1Key;
        var fault = Assert.Single(ConfigurationFaults.Find(Services(settings)));
        Assert.StartsWith("Rekor:Logs:2:PublicKey:", fault, StringComparison.Ordinal);
        Assert.Contains("Rekor:Logs:0", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://rekor.sigstore.dev", null, null, 100, 200)]
    [InlineData("https://log2025-1.rekor.sigstore.dev", null, null, 100, 200)]
    [InlineData("https://rekor.sigstore.dev", "50", null, 50, 100)]
    [InlineData("https://rekor.sigstore.dev", "50", "70", 50, 70)]
    [InlineData("https://rekor.sigstore.dev", "0", null, null, null)]
    [InlineData("https://rekor.example.com", null, null, null, null)]
    [InlineData("https://sigstore.dev.example.com", null, null, null, null)]
    [InlineData("https://rekor.example.com", "10", null, 10, 20)]
    [InlineData("https://rekor.example.com", null, "10", 60, 10)]
    public void Only_public_Sigstore_logs_have_a_budget_by_default(
        string url, string? perHour, string? perTenMinutes, int? hour, int? tenMinutes)
    {
        var log = Assert.Single(Services(new()
        {
            ["Rekor:Logs:0:Url"] = url, ["Rekor:Logs:0:PublicKey"] = V1Key, ["Rekor:Logs:0:SubmissionsPerHour"] = perHour,
            ["Rekor:Logs:0:SubmissionsPer10Minutes"] = perTenMinutes,
        }).GetRequiredService<TransparencyLogs>().All);
        Assert.Equal((hour, tenMinutes), (log.Budget?.PerHour, log.Budget?.PerTenMinutes));
    }

    [Fact]
    public void The_ancestors_name_is_the_first_log_s_address()
    {
        var configuration = new ConfigurationManager();
        Environment.SetEnvironmentVariable("REKOR_SERVER_URL", "https://rekor.example.com");
        try
        {
            configuration.AddEnvironmentVariables();
            configuration.AddLedgerAliases();
        }
        finally { Environment.SetEnvironmentVariable("REKOR_SERVER_URL", null); }
        Assert.Equal("https://rekor.example.com", configuration["Rekor:Logs:0:Url"]);
    }

    private Dictionary<string, string?> Both() => new()
    {
        ["Rekor:Logs:0:Url"] = "http://v1.test", ["Rekor:Logs:0:PublicKey"] = V1Key,
        ["Rekor:Logs:1:Url"] = "http://127.0.0.1:3000", ["Rekor:Logs:1:Version"] = "2", ["Rekor:Logs:1:PublicKey"] = V2Key,
        ["Rekor:Logs:1:Origin"] = "rekor2.loopback.test",
        ["Timestamping:Url"] = "http://tsa.test/api/v1/timestamp", ["Timestamping:Certificates"] = authority.Chain,
    };

    private static IServiceProvider Services(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:ledger"] = "Host=db", ["Vault:Address"] = "http://vault.test:8200", ["Vault:WorkerToken"] = "w",
            ["Ledger:LogName"] = "ledger.test", ["HighWaterMark:Directory"] = "/marks",
        }).AddInMemoryCollection(settings);
        builder.AddLedgerCore(DatabaseRole.Worker, VaultCaller.Worker);
        return builder.Build().Services;
    }
}
