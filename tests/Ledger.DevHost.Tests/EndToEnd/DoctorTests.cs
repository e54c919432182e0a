using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Ledger.Testing;
using Ledger.Testing.Attributes;
using Ledger.Testing.Processes;
using Npgsql;

namespace Ledger.DevHost.Tests.EndToEnd;

/// <summary>The doctor against a running stack: well, and then with each thing that it looks at down or misconfigured. One stack for all:
/// it takes longer to start than every row together.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly TcpListener _mute = new(IPAddress.Loopback, 0); // the kernel accepts for it

    public void Dispose()
    {
        _http.Dispose();
        _mute.Dispose();
        _folder.Dispose();
    }

    [PostgresFact]
    public async Task The_doctor_finds_a_running_stack_healthy_and_names_each_thing_that_is_not()
    {
        await using var host = await RunningDevHost.StartAsync(RunningDevHost.StateIn(_folder));
        var env = await host.SourceAsync();

        var well = await DoctorAsync(env);
        Assert.True(well.Code == 0, well.Text);
        Assert.Equal("healthy", well.Last);
        Assert.Equal(
            [
                "database", "migrations", "guards", "keys", "vault", "marks", "checkpoints", "scrubs", "storage", "rekor rekor.localhost",
                "rekor rekor2.localhost", "quarantine", "timestamping", "identity ledger", "identity ledger-platform", "people", "mail",
                "queues", "dead-letters", "backup",
            ], well.Outcomes.Keys);
        // A machine that is busy with other tests has slow round trips, which the database's line warns of.
        Assert.Equal(["backup absent"], well.Outcomes.Where(one => one.Value != "pass" && (one.Key, one.Value) != ("database", "warn"))
            .Select(one => $"{one.Key} {one.Value}"));

        await AnswersOverHttpAsync(env);
        foreach (var round in Misconfigured(env))
        {
            var ill = await DoctorAsync(env, [.. round.Rows.Select(row => (row.Variable, (string?)row.Value))]);
            AssertFailed(ill, round.Named, round.Rows.Select(row => row.Says));
            AssertNoSecret(ill.Text, env);
        }
        foreach (var (changes, named) in Unusable())
        {
            var unset = await DoctorAsync(env, changes);
            Assert.True(unset.Code == 2, unset.Text);
            foreach (var setting in named) Assert.Contains(setting, unset.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", unset.Text, StringComparison.Ordinal);
            AssertNoSecret(unset.Text, env);
        }
        AssertFailed(await DoctorAsync(env, [.. Hanging(env)]), "database, vault, storage, rekor rekor.localhost, "
            + "rekor rekor2.localhost, timestamping, identity ledger, identity ledger-platform, people, mail", []);

        await EmulatorsAsync(env);
        await DatabaseAsync(env);
        Assert.Equal(0, (await DoctorAsync(env)).Code); // whatever was broken is mended, and the doctor left nothing behind
    }

    /// <summary>By the doctor's own variables alone: the stack does not notice. Several at once, since none may hide another.</summary>
    private IEnumerable<(string Named, (string Variable, string Value, string Says)[] Rows)> Misconfigured(
        IReadOnlyDictionary<string, string> env)
    {
        var nowhere = "http://127.0.0.1:" + FreePort.Next();
        var database = env["ConnectionStrings__ledger"];
        return
        [
            ("database, vault, storage, rekor rekor.localhost, timestamping, identity ledger, identity ledger-platform, people, mail",
            [
                ("ConnectionStrings__ledger", new NpgsqlConnectionStringBuilder(database) { Port = FreePort.Next() }.ConnectionString,
                    "the database cannot be reached"),
                ("Vault__Address", nowhere, $"{nowhere} does not answer"),
                ("HighWaterMark__Directory", _folder["nowhere"], "is not there"),
                ("Rekor__Logs__0__Url", nowhere, "rekor-unavailable.md"),
                ("Timestamping__Url", nowhere, "gives no timestamp"),
                ("Identity__Issuers__0__Issuer", "https://elsewhere.example/realms/ledger", "it calls itself"),
                ("Identity__Issuers__1__MetadataAddress", nowhere, "discovery: no answer"),
                ("People__KeycloakAddress", nowhere, "realm ledger: no answer"),
                ("Smtp__Port", FreePort.Next().ToString(CultureInfo.InvariantCulture), "does not answer: Connection refused"),
            ]),
            ("database, vault, rekor rekor.localhost, timestamping, identity ledger, mail",
            [
                ("ConnectionStrings__ledger", new NpgsqlConnectionStringBuilder(database) { Password = "wrong" }.ConnectionString, "28P01"),
                ("Vault__WorkerToken", "hvs.wrong", "Vault:WorkerToken is unknown"),
                ("Rekor__Logs__0__PublicKey", OtherKey(), "is not the log of Rekor:Logs:0:PublicKey"),
                ("Timestamping__Certificates", OtherCertificate(), "is not the authority"),
                ("Identity__Issuers__0__Audience", "another-api", "aud has no another-api"),
                ("Smtp__StartTls", "true", "offers no STARTTLS"),
            ]),
            ("migrations, guards, keys, vault, marks, checkpoints, scrubs, rekor rekor3.localhost, quarantine, identity ledger, people, "
                + "queues, dead-letters",
            [
                ("ConnectionStrings__ledger", new NpgsqlConnectionStringBuilder(database) { Database = "postgres" }.ConnectionString,
                    "run `Ledger.Workers migrate`"),
                ("Vault__WorkerToken", env["Vault__EntryToken"], "lacks transit/sign/"),
                ("Rekor__Logs__1__Origin", "rekor3.localhost", "is not the log of Rekor:Logs:1:PublicKey"),
                ("People__ClientSecret", "wrong", "realm ledger: 401"),
            ]),
            ("keys, marks, backup",
            [
                ("Vault__TransitKey", "ledger-ed25519-of-another", "Vault has no key"),
                ("HighWaterMark__Directory", Directory.CreateDirectory(_folder["empty"]).FullName, "entries and no mark"),
                ("Doctor__BackupRequired", "true", "Doctor:BackupRequired asks for it"),
            ]),
        ];
    }

    /// <summary>What no check can be made with, and the settings that a line each is about.</summary>
    private static IEnumerable<((string Variable, string? Value)[] Changes, string[] Named)> Unusable() =>
    [
        ([("Ledger__LogName", null), ("Smtp__Port", "99999"), ("Rekor__Logs__0__PublicKey", "/nowhere"),
            ("Identity__Issuers__0__Audience", ""), ("Vault__Address", null), ("VAULT_ADDR", null),
            ("HighWaterMark__Bucket", "ledger-marks")],
            ["Ledger:LogName", "Smtp:Port", "Rekor:Logs:0:PublicKey", "Identity:Issuers:0", "Vault:Address",
                "HighWaterMark:Directory and HighWaterMark:Bucket are both set"]),
        ([("ConnectionStrings__ledger", "Host=127.0.0.1;Prot=5432;Password=hunter2")], ["ConnectionStrings:ledger"]),
    ];

    /// <summary>Everything behind one server that takes connections and never says a word.</summary>
    private IEnumerable<(string Variable, string? Value)> Hanging(IReadOnlyDictionary<string, string> env)
    {
        _mute.Start();
        var port = ((IPEndPoint)_mute.LocalEndpoint).Port;
        var url = $"http://127.0.0.1:{port}";
        return
        [
            ("ConnectionStrings__ledger",
                new NpgsqlConnectionStringBuilder(env["ConnectionStrings__ledger"]) { Port = port }.ConnectionString),
            ("Vault__Address", url), ("HighWaterMark__Directory", null), ("HighWaterMark__Bucket", "ledger-marks"),
            ("Storage__Endpoint", url), ("Storage__AccessKey", "ledger"), ("Storage__SecretKey", "made-up"), ("Rekor__Logs__0__Url", url),
            ("Rekor__Logs__1__Url", url), ("Timestamping__Url", url), ("Identity__Issuers__0__MetadataAddress", url),
            ("Identity__Issuers__1__MetadataAddress", url), ("People__KeycloakAddress", url), ("Smtp__Host", "127.0.0.1"),
            ("Smtp__Port", port.ToString(CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The dependencies themselves, by the emulators' control endpoints.</summary>
    private async Task EmulatorsAsync(IReadOnlyDictionary<string, string> env)
    {
        var ill = await WithAsync(env, ("VAULT_ADDR", "sealed"), ("REKOR_URL", "wrong-key"), ("REKOR2_URL", "5xx"),
            ("TSA_URL", "wrong-signature"), ("KEYCLOAK_URL", "down"));
        AssertFailed(ill,
            "vault, rekor rekor.localhost, rekor rekor2.localhost, timestamping, identity ledger, identity ledger-platform, people",
            ["is sealed", "is not the log of Rekor:Logs:0:PublicKey", "status 500", "is not the authority", "no answer"]);

        ill = await WithAsync(env, ("VAULT_ADDR", "wrong-key"), ("REKOR_URL", "down"), ("TSA_URL", "clock-skew"));
        AssertFailed(ill, "keys, rekor rekor.localhost",
            ["is another key than the one that signed", "anchors wait until it does", "its clock is"]);
        Assert.Equal("warn", ill.Outcomes["timestamping"]);
    }

    /// <summary>What only the database's owner, or time, can do to it.</summary>
    private static async Task DatabaseAsync(IReadOnlyDictionary<string, string> env)
    {
        await using var database = NpgsqlDataSource.Create(env["ConnectionStrings__ledger"]);
        await ExecuteAsync(database, """
            ALTER TABLE ledger.chain_entries DISABLE TRIGGER append_only;
            ALTER TABLE ledger.entry_meta DISABLE ROW LEVEL SECURITY;
            UPDATE ledger.schema_migrations SET name = '999_later.sql' WHERE name = '027_doctor.sql';
            INSERT INTO ledger.jobs (tenant_id, id, queue, status, epoch, last_error_class, created_at, finished_at)
            VALUES ('other', '00000000-0000-7000-8000-000000000000', 'notifications.to_send', 'dead_letter', 1, 'config', now(), now())
            """);
        var ill = await DoctorAsync(env);
        await ExecuteAsync(database, """
            ALTER TABLE ledger.chain_entries ENABLE ALWAYS TRIGGER append_only;
            ALTER TABLE ledger.entry_meta ENABLE ROW LEVEL SECURITY;
            UPDATE ledger.schema_migrations SET name = '027_doctor.sql' WHERE name = '999_later.sql';
            DELETE FROM ledger.jobs WHERE id = '00000000-0000-7000-8000-000000000000'
            """);
        AssertFailed(ill, "migrations, guards, dead-letters",
            ["chain_entries.append_only is not ENABLE ALWAYS", "no row-level security on entry_meta", "not applied: 027_doctor.sql",
                "999_later.sql is of a newer version", "notifications.to_send 1 (mostly config)"]);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The doctor while servers fail; they are mended after.</summary>
    private async Task<Examined> WithAsync(IReadOnlyDictionary<string, string> env, params (string Server, string Fault)[] faults)
    {
        Uri Control(string server) => new(new Uri(env[server]), "/emulator/faults");
        foreach (var (server, fault) in faults)
            (await _http.PostAsJsonAsync(Control(server), new { mode = fault })).EnsureSuccessStatusCode();
        var ill = await DoctorAsync(env);
        foreach (var (server, _) in faults) (await _http.DeleteAsync(Control(server))).EnsureSuccessStatusCode();
        return ill;
    }

    private static void AssertFailed(Examined ill, string named, IEnumerable<string> says)
    {
        Assert.True(ill.Code == 1, ill.Text);
        Assert.Equal($"failed: {named}", ill.Last);
        foreach (var text in says) Assert.Contains(text, ill.Text, StringComparison.Ordinal);
    }

    private async Task AnswersOverHttpAsync(IReadOnlyDictionary<string, string> env)
    {
        foreach (var token in new[] { env["LEDGER_TOKEN_PLATFORM_ADMIN"], env["LEDGER_TOKEN_BILLING"] })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{env["LEDGER_API"]}/admin/api/v1/doctor");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await _http.SendAsync(request);
            var body = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
            Assert.True((bool)body["healthy"]!, body.ToJsonString());
            Assert.Equal(["people absent", "mail absent", "backup absent"], body["checks"]!.AsArray()
                .Select(one => $"{one!["check"]} {one["outcome"]}").Where(one => !one.EndsWith(" pass", StringComparison.Ordinal) && one != "database warn"));
        }
    }

    private static async Task<Examined> DoctorAsync(IReadOnlyDictionary<string, string> env, params (string Name, string? Value)[] changes)
    {
        var own = env.ToDictionary(one => one.Key, one => (string?)one.Value);
        foreach (var (name, value) in changes) own[name] = value;
        await using var process = await ProcessUnderTest.StartDotnetAsync(BuiltProgram.Workers, own, "doctor");
        var code = await process.Exited.WaitAsync(TimeSpan.FromMinutes(1));
        return new Examined(code, process.Output);
    }

    private static void AssertNoSecret(string text, IReadOnlyDictionary<string, string> env)
    {
        foreach (var secret in new[] { "People__ClientSecret", "Vault__WorkerToken", "Vault__EntryToken", "LEDGER_TOKEN_TECH" })
            Assert.DoesNotContain(env[secret], text, StringComparison.Ordinal);
        var password = new NpgsqlConnectionStringBuilder(env["ConnectionStrings__ledger"]).Password!;
        Assert.DoesNotContain(password, text, StringComparison.Ordinal);
    }

    private static string OtherKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportSubjectPublicKeyInfoPem();
    }

    private static string OtherCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=another", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(9));
        return certificate.ExportCertificatePem();
    }

    /// <summary>What the doctor printed.</summary>
    private sealed record Examined(int Code, string Text)
    {
        private string[] Lines { get; } = Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        public string Last => Lines.Length == 0 ? "" : Lines[^1];

        /// <summary>By check, in the order of the lines.</summary>
        public IReadOnlyDictionary<string, string> Outcomes => Lines.SkipLast(1)
            .Select(line => line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(parts => parts.Length >= 2).ToDictionary(parts => parts[0], parts => parts[1]);
    }
}
