using System.Security.Cryptography;
using System.Text.Json;

namespace Ledger.DevHost.Setup;

/// <summary>
/// What nobody has to think up: the passwords of our own PostgreSQL, and the clients' secrets and demo people's passwords that the realm
/// files ask for by <c>${NAME}</c>. Each is made when it is first asked for, 32 hex digits, and then kept:
/// <code>{"superuser":"…","owner":"…","api":"…","workers":"…","app":"…","LEDGER_WORKERS_SECRET":"…","LEDGER_DEMO_TECH_PASSWORD":"…"}</code>
/// </summary>
internal sealed class Secrets(StateFolder state)
{
    private static readonly string[] SecretEndings = ["_SECRET", "_PASSWORD", "_TOTP"];

    private readonly string _file = state["secrets.json"];
    private readonly Lock _gate = new();

    public string Superuser => Of("superuser");

    public DatabasePasswords Database => new(Of("owner"), Of("api"), Of("workers"));

    /// <summary>Of the login for people who look at the database as the API sees it.</summary>
    public string App => Of("app");

    public string Of(string name)
    {
        lock (_gate)
        {
            var known = File.Exists(_file) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(_file))! : [];
            if (known.TryGetValue(name, out var secret))
                return secret;
            known[name] = RandomNumberGenerator.GetHexString(32, lowercase: true);
            PrivateFile.Write(_file, JsonSerializer.Serialize(known));
            return known[name];
        }
    }

    /// <summary>What <c>${NAME}</c> stands for in our realm files: a secret of its own, the tenant of the example machine, or nothing,
    /// which leaves the file's default. The process's environment has no say: an older env in the shell must not become a password
    /// here.</summary>
    public string? OfRealmFiles(string name) => name == "LEDGER_MACHINE_TENANT" ? Programs.PublicTenant
        : Array.Exists(SecretEndings, name.EndsWith) ? Of(name) : null;
}
