using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.DevHost.OneEmulator;
using Ledger.Testing;
using Ledger.Testing.Processes;

namespace Ledger.DevHost.Tests.Commands;

/// <summary>Each kind of emulator as a process of its own, started all at once, with what the real servers' containers are told.</summary>
public sealed class SevenEmulators : IAsyncLifetime, IDisposable
{
    public const string RootToken = "root-of-the-tests", Secret = "client-secret-of-the-tests";

    private const string AccessKey = "minio-user", SecretKey = "minio-password";

    private static readonly Dictionary<string, string?> DemoPeople =
        new[] { "DEMO_ADMIN", "DEMO_AUDITOR", "DEMO_TECH", "OTHER_TECH", "PLAT_ADMIN", "PLAT_BILLING" }
            .ToDictionary(static who => $"LEDGER_{who}_PASSWORD", static string? (_) => "correct-horse-7-battery");

    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, (ProcessUnderTest Process, string Address)> _running = [];

    /// <summary>PEM of the private key that `rekor` is given, and of its public half.</summary>
    public (string Private, string Public) RekorKey { get; } = EcKey();

    /// <summary>PEM of RFC 8032's first test vector as a PKCS #8 key, and of its public half: .NET makes no Ed25519 keys.</summary>
    public (string Private, string Public) Rekor2Key { get; } = (
        Pem("PRIVATE KEY", "302e020100300506032b6570042204209d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"),
        Pem("PUBLIC KEY", "302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));

    /// <summary>PEM of the key and the certificate that `tsa` is given.</summary>
    public (string Key, string Certificate) Signer { get; } = NewSigner("1.3.6.1.5.5.7.3.8");

    /// <summary>The port that `vault` is given by the variable; `rekor` has one by `--port`, the others any.</summary>
    public int VaultPort { get; } = FreePort.Next();

    public int RekorPort { get; } = FreePort.Next();

    public string this[string name] => _running[name].Address;

    public ProcessUnderTest Process(string name) => _running[name].Process;

    /// <summary>A file in an emulator's state folder.</summary>
    public string FileOf(string name, string file) => Path.Combine(StateOf(name), file);

    public string StateOf(string name) => _folder[name];

    public static (string Key, string Certificate) NewSigner(string usage)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=TSA of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return (key.ExportPkcs8PrivateKeyPem(), certificate.ExportCertificatePem() + "\n");
    }

    public async Task InitializeAsync()
    {
        var names = EmulatorChoice.Names;
        var started = await Task.WhenAll(names.Select(StartAsync));
        foreach (var (name, one) in names.Zip(started))
            _running[name] = one;
    }

    public async Task DisposeAsync()
    {
        foreach (var (process, _) in _running.Values)
            await process.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();

    private async Task<(ProcessUnderTest Process, string Address)> StartAsync(string name)
    {
        string[] port = name == "rekor" ? ["--port", RekorPort.ToString(CultureInfo.InvariantCulture)] : [];
        var process = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.DevHostProgram, EnvironmentOf(name),
            ["emulator", name, "--state", StateOf(name), .. port]);
        var ready = $"{name} listens on ";
        await process.WaitForLineAsync(ready);
        return (process, process.Output.Split(ready)[1].Trim());
    }

    // The demo people's passwords have to be as long and as mixed as the realms ask for.
    private Dictionary<string, string?> EnvironmentOf(string name) => new(DemoPeople)
    {
        [EmulatorChoice.PortVariable] = name == "vault" ? VaultPort.ToString(CultureInfo.InvariantCulture) : null,
        ["VAULT_DEV_ROOT_TOKEN_ID"] = RootToken,
        ["MINIO_ROOT_USER"] = AccessKey,
        ["MINIO_ROOT_PASSWORD"] = SecretKey,
        ["LEDGER_MACHINE_TENANT"] = "demo",
        ["LEDGER_MACHINE_SECRET"] = Secret,
        ["REKOR_LOG_KEY"] = RekorKey.Private,
        ["REKOR2_LOG_KEY"] = Rekor2Key.Private,
        ["REKOR_ORIGIN"] = "log.of.the.tests",
        ["TSA_SIGNER_KEY"] = Signer.Key,
        ["TSA_CERTIFICATES"] = Signer.Certificate,
    };

    private static (string Private, string Public) EcKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportECPrivateKeyPem(), key.ExportSubjectPublicKeyInfoPem() + "\n");
    }

    private static string Pem(string label, string der) => PemEncoding.WriteString(label, Convert.FromHexString(der)) + "\n";
}
