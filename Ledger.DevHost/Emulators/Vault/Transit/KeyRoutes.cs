using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Ledger.DevHost.Emulators.Faults;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary><c>:mount/keys</c>: list, create, read, delete, rotate.</summary>
internal sealed class KeyRoutes(KeyStore keys, TimeProvider time)
{
    private static readonly FrozenDictionary<string, FieldType> Declared = new Dictionary<string, FieldType>
    {
        ["name"] = FieldType.Text,
        ["type"] = FieldType.Text,
        ["derived"] = FieldType.Flag,
        ["convergent_encryption"] = FieldType.Flag,
        ["exportable"] = FieldType.Flag,
        ["allow_plaintext_backup"] = FieldType.Flag,
        ["context"] = FieldType.Text,
        ["auto_rotate_period"] = FieldType.Seconds,
        ["key_size"] = FieldType.Integer,
        ["managed_key_name"] = FieldType.Text,
        ["managed_key_id"] = FieldType.Text,
        ["parameter_set"] = FieldType.Text,
        ["hybrid_key_type_pqc"] = FieldType.Text,
        ["hybrid_key_type_ec"] = FieldType.Text,
    }.ToFrozenDictionary();

    public Answer List(string mount)
    {
        var names = keys.Names(mount);
        return names.Count == 0 ? Answer.NotFound : Answer.Of("transit", json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("keys");
            foreach (var name in names)
                json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    public Answer On(VaultRequest request, string mount, string name) => request.Operation switch
    {
        Operation.Read => Declaration.Check(request, Declared, ["name"], () => Read(request, mount, name)),
        Operation.Update => Declaration.Check(request, Declared, ["name"], () => Create(request, mount, name)),
        Operation.Delete => Delete(mount, name),
        _ => Answer.UnsupportedOperation,
    };

    public Answer Rotate(VaultRequest request, string mount, string name)
    {
        var rotated = keys.Change(mount, name, key => key?.Rotated(time.GetUtcNow()));
        return rotated is null ? Answer.BadRequest("key not found") : Show(rotated, request);
    }

    public static Answer Show(TransitKey key, VaultRequest request)
        => Answer.Of("transit", json => Write(json, key, request.Fault == FaultMode.WrongKey));

    private Answer Read(VaultRequest request, string mount, string name)
        => keys.Find(mount, name) is { } key ? Show(key, request) : Answer.NotFound;

    private Answer Create(VaultRequest request, string mount, string name)
    {
        var fields = request.Fields;
        var typeName = fields.Has("type") ? fields.Text("type") : KeyType.Default;
        var (derived, convergent, period) = (fields.Flag("derived"), fields.Flag("convergent_encryption"),
            fields.Seconds("auto_rotate_period"));
        if (!derived && convergent)
            return Answer.BadRequest("convergent encryption requires derivation to be enabled");
        if (period is not 0 and < 3600)
            return Answer.BadRequest("auto rotate period must be 0 to disable or at least an hour");
        switch (typeName)
        {
            case "ml-dsa" or "slh-dsa" or "hybrid":
                return Answer.BadRequest($"key type {typeName} is only available in enterprise versions of Vault");
            case "managed_key":
                return Answer.Wrapped(500, "managed keys are supported within enterprise edition only");
        }
        var type = KeyType.Find(typeName);
        var emulatedElsewhere = typeName is "rsa-2048" or "rsa-3072" or "rsa-4096" or "hmac" or "aes128-cmac" or "aes256-cmac";
        if (type is null && !emulatedElsewhere)
            return Answer.BadRequest($"unknown key type {typeName}");
        if (fields.Integer("key_size") != 0 && typeName != "hmac")
            return Answer.BadRequest($"key_size is not valid for algorithm {typeName}");
        if (keys.Find(mount, name) is { } existing)
            return Show(existing, request); // whatever type was asked for: 200 with the old key
        if (type is null)
            return Answer.BadRequest($"the emulator has no keys of type {typeName}");
        if (derived)
            return Answer.Wrapped(500, type.Derives
                ? "the emulator has no derived keys"
                : $"key derivation and convergent encryption not supported for keys of type {typeName}");
        var created = keys.Change(mount, name, old => old ?? new TransitKey
        {
            Mount = mount,
            Name = name,
            TypeName = type.Name,
            Exportable = fields.Flag("exportable"),
            AllowPlaintextBackup = fields.Flag("allow_plaintext_backup"),
            AutoRotatePeriod = period,
        }.Rotated(time.GetUtcNow()));
        return Show(created!, request);
    }

    private Answer Delete(string mount, string name)
    {
        var key = keys.Find(mount, name);
        if (key is null)
            return Answer.BadRequest($"error deleting policy {name}: could not delete key; not found");
        if (!key.DeletionAllowed)
            return Answer.BadRequest($"error deleting policy {name}: deletion is not allowed for this key");
        keys.Remove(mount, name);
        return Answer.NoContent;
    }

    private static void Write(Utf8JsonWriter json, TransitKey key, bool swapped)
    {
        json.WriteStartObject();
        json.WriteBoolean("allow_plaintext_backup", key.AllowPlaintextBackup);
        json.WriteNumber("auto_rotate_period", key.AutoRotatePeriod);
        json.WriteBoolean("deletion_allowed", key.DeletionAllowed);
        json.WriteBoolean("derived", false);
        json.WriteBoolean("exportable", key.Exportable);
        json.WriteBoolean("imported_key", false);
        json.WriteStartObject("keys");
        foreach (var (number, version) in key.Versions.Where(v => v.Key >= key.MinDecryptionVersion).OrderBy(v => v.Key))
            WriteVersion(json, key.Type, number, version, swapped);
        json.WriteEndObject();
        json.WriteNumber("latest_version", key.LatestVersion);
        json.WriteNumber("min_available_version", key.MinAvailableVersion);
        json.WriteNumber("min_decryption_version", key.MinDecryptionVersion);
        json.WriteNumber("min_encryption_version", key.MinEncryptionVersion);
        json.WriteString("name", key.Name);
        json.WriteBoolean("supports_decryption", key.Type.Encrypts);
        json.WriteBoolean("supports_derivation", key.Type.Derives);
        json.WriteBoolean("supports_encryption", key.Type.Encrypts);
        json.WriteBoolean("supports_signing", key.Type.Signs);
        json.WriteString("type", key.TypeName);
        json.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter json, KeyType type, int number, KeyVersion version, bool swapped)
    {
        var name = number.ToString(CultureInfo.InvariantCulture);
        if (type.Shown is null)
        {
            json.WriteNumber(name, version.CreatedAt.ToUnixTimeSeconds());
            return;
        }
        json.WriteStartObject(name);
        json.WriteString("certificate_chain", "");
        json.WriteString("creation_time", GoTime.Format(version.CreatedAt));
        json.WriteString("hybrid_public_key", "");
        json.WriteString("name", type.Shown);
        json.WriteString("public_key", version.Material(type, swapped).PublicKey);
        json.WriteEndObject();
    }
}
