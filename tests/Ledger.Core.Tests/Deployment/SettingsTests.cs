using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Ledger.Core.Signing;
using Ledger.Core.Tenancy;
using Ledger.Core.Tests.Operations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Ledger.Core.Tests.Deployment;

/// <summary>The manifests name every variable that the programs require, and no variable that nobody reads.</summary>
public sealed partial class SettingsTests
{
    // Read by .NET, OpenTelemetry and Kubernetes' expansion; the others by a command's own options.
    private static readonly string[] NotOfOptions =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_RESOURCE_ATTRIBUTES", "DATABASE_PASSWORD", "IdentityCheck__Clients__0__Id",
        "IdentityCheck__Clients__0__Secret",
    ];

    public static TheoryData<string> Overlays => ["production", "staging"];

    [Theory, MemberData(nameof(Overlays))]
    public void What_a_program_does_not_start_without_is_there(string overlay)
    {
        Assert.Empty(RequiredVariables.Of(ReadBy.Api).Except(Of(overlay, "ledger-api").Keys));
        foreach (var program in new[] { "ledger-workers", "ledger-doctor" })
            Assert.Empty(RequiredVariables.Of(ReadBy.Workers).Except(Of(overlay, program).Keys));
        Assert.Equal(["ConnectionStrings__ledger", "DATABASE_PASSWORD"], Of(overlay, "ledger-migrate").Keys.Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Overlays))]
    public void What_goes_with_another_goes_with_it(string overlay)
    {
        foreach (var settings in Programs(overlay).Select(program => Of(overlay, program)))
        {
            Assert.Empty(RequiredVariables.All.Where(v => v.With is { } with && settings.ContainsKey(with)).Select(v => v.Name)
                .Except(settings.Keys));
            Assert.False(settings.ContainsKey("HighWaterMark__Directory"));
        }
    }

    [Theory, MemberData(nameof(Overlays))]
    public void Nothing_is_there_that_nobody_reads(string overlay) =>
        Assert.Empty(Programs(overlay).SelectMany(program => Of(overlay, program).Keys).Select(name => Number().Replace(name, "__0"))
            .Distinct().Except(RequiredVariables.All.Select(v => v.Name)).Except(NotOfOptions));

    [Theory, MemberData(nameof(Overlays))]
    public void The_programs_find_no_fault_with_the_values(string overlay)
    {
        Assert.Empty(Faults(Of(overlay, "ledger-api"), DatabaseRole.App, VaultCaller.Api));
        Assert.Empty(Faults(Of(overlay, "ledger-workers"), DatabaseRole.Worker, VaultCaller.Worker));
    }

    [Theory, MemberData(nameof(Overlays))]
    public void A_connection_is_encrypted_to_a_server_that_is_checked_and_asks_for_no_Kerberos(string overlay) =>
        Assert.All(Programs(overlay).Select(program => Of(overlay, program)["ConnectionStrings__ledger"])
                .Select(text => new NpgsqlConnectionStringBuilder(text)),
            connection => Assert.Equal(
                (SslMode.VerifyFull, "/etc/ledger/database/ca.crt", GssEncryptionMode.Disable, "$(DATABASE_PASSWORD)"),
                (connection.SslMode, connection.RootCertificate, connection.GssEncryptionMode, connection.Password)));

    [Fact]
    public void Staging_shares_no_bucket_and_no_name_with_production() =>
        Assert.All(new[] { "Ledger__LogName", "HighWaterMark__Bucket", "Identity__Issuers__0__Issuer" },
            name => Assert.NotEqual(Of("production", "ledger-api")[name], Of("staging", "ledger-api")[name]));

    private static IReadOnlyList<Manifest> Rendered(string overlay) =>
        overlay == "staging" ? Kustomization.Staging : Kustomization.Production;

    private static IEnumerable<string> Programs(string overlay) =>
        Rendered(overlay).Where(m => m.PodTemplate is not null).Select(m => m.Name);

    private static IReadOnlyDictionary<string, string> Of(string overlay, string program) =>
        Settings.Of(Rendered(overlay).Single(m => m.Name == program && m.PodTemplate is not null).Containers.Single(), Rendered(overlay));

    // With keys for the pinned files, which are not on this machine.
    private static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, string> settings, DatabaseRole role, VaultCaller caller)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(
            pair.Key.Replace("__", ":", StringComparison.Ordinal), (string?)Pem(pair.Value))));
        builder.AddLedgerCore(role, caller);
        using var host = builder.Build();
        return ConfigurationFaults.Find(host.Services);
    }

    private static string Pem(string value)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (value.EndsWith("/rekor.pub", StringComparison.Ordinal)) return key.ExportSubjectPublicKeyInfoPem();
        if (!value.EndsWith("/timestamping.pem", StringComparison.Ordinal)) return value;
        using var certificate = new CertificateRequest("CN=tsa", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return certificate.ExportCertificatePem();
    }

    [GeneratedRegex("__[0-9]+")]
    private static partial Regex Number();
}
