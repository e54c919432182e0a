using System.Buffers.Text;
using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Sys;

/// <summary>What answers without a token, also while sealed: seal-status, unseal, init, leader.</summary>
internal sealed class SealRoutes(SealState seal, FaultSwitch faults)
{
    private const string WrongKey = "unable to retrieve stored keys: invalid key: failed to decrypt keys from storage: "
        + "error decrypting seal wrapped value\nerror decrypting using seal shamir: cipher: message authentication failed";

    public static bool IsOpen(string path) => path is "sys/seal-status" or "sys/unseal" or "sys/init" or "sys/leader";

    public Answer Route(VaultRequest request, bool isSealed) => (request.Path, request.Operation) switch
    {
        ("sys/seal-status", Operation.Read) => Status(isSealed),
        ("sys/unseal", Operation.Update) => Unseal(request.Fields, isSealed),
        ("sys/init", Operation.Read) => Answer.Json(200, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("initialized", true);
            json.WriteEndObject();
        }),
        ("sys/init", Operation.Update) => Answer.BadRequest("Vault is already initialized"),
        ("sys/leader", Operation.Read) => Leader(),
        _ => Answer.Error(405),
    };

    private Answer Unseal(Fields fields, bool isSealed)
    {
        if (!isSealed || fields.Flag("reset"))
            return Status(isSealed);
        var text = fields.Text("key");
        if (text.Length == 0)
            return Answer.BadRequest("'key' must be specified in request body as JSON, or 'reset' set to true");
        if (KeyBytes(text) is not { } key)
            return Answer.BadRequest("'key' must be a valid hex or base64 string");
        if (key.Length < 16)
            return Answer.BadRequest("invalid key: key is shorter than minimum 16 bytes");
        if (!CryptographicOperations.FixedTimeEquals(key, Convert.FromHexString(seal.UnsealKey)))
            return Answer.BadRequest(WrongKey);
        seal.IsSealed = false;
        faults.Remove(FaultMode.Sealed);
        return Status(isSealed: false);
    }

    private static byte[]? KeyBytes(string text)
    {
        if (text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(text);
        return Base64.IsValid(text) ? Convert.FromBase64String(text) : null;
    }

    private Answer Status(bool isSealed) => Answer.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "shamir");
        json.WriteBoolean("initialized", true);
        json.WriteBoolean("sealed", isSealed);
        json.WriteNumber("t", 1);
        json.WriteNumber("n", 1);
        json.WriteNumber("progress", 0);
        json.WriteString("nonce", "");
        json.WriteString("version", HealthRoute.Version);
        json.WriteString("build_date", "2026-11-22T00:00:00Z");
        json.WriteBoolean("migration", false);
        if (!isSealed)
        {
            json.WriteString("cluster_name", seal.ClusterName);
            json.WriteString("cluster_id", seal.ClusterId);
        }
        json.WriteBoolean("recovery_seal", false);
        json.WriteString("storage_type", "inmem");
        json.WriteEndObject();
    });

    private static Answer Leader() => Answer.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ha_enabled", false);
        json.WriteBoolean("is_self", false);
        json.WriteString("active_time", "0001-01-01T00:00:00Z");
        json.WriteString("leader_address", "");
        json.WriteString("leader_cluster_address", "");
        json.WriteBoolean("performance_standby", false);
        json.WriteNumber("performance_standby_last_remote_wal", 0);
        json.WriteEndObject();
    });
}
