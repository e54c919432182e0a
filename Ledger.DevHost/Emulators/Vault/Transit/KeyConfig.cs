using System.Collections.Frozen;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary><c>:mount/keys/:name/config</c> and <c>…/trim</c>: which versions may sign, verify and exist.</summary>
internal sealed class KeyConfig(KeyStore keys)
{
    private static readonly FrozenDictionary<string, FieldType> Config = new Dictionary<string, FieldType>
    {
        ["name"] = FieldType.Text,
        ["min_decryption_version"] = FieldType.Integer,
        ["min_encryption_version"] = FieldType.Integer,
        ["deletion_allowed"] = FieldType.Flag,
        ["exportable"] = FieldType.Flag,
        ["allow_plaintext_backup"] = FieldType.Flag,
        ["auto_rotate_period"] = FieldType.Seconds,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, FieldType> Trim = new Dictionary<string, FieldType>
    {
        ["name"] = FieldType.Text,
        ["min_available_version"] = FieldType.Integer,
    }.ToFrozenDictionary();

    public Answer Configure(VaultRequest request, string mount, string name)
        => Declaration.Check(request, Config, ["name"], () =>
            Change(request, mount, name, $"no existing key named {name} could be found", Configured));

    public Answer TrimVersions(VaultRequest request, string mount, string name) => Declaration.Check(request, Trim, ["name"], () =>
        request.Fields.Has("min_available_version")
            ? Change(request, mount, name, "invalid key name", Trimmed)
            : Answer.BadRequest("missing min_available_version"));

    private Answer Change(
        VaultRequest request, string mount, string name, string missing, Func<TransitKey, Fields, (TransitKey? Key, string? Text)> change)
    {
        Answer? refusal = null;
        string? warning = null;
        var changed = keys.Change(mount, name, key =>
        {
            if (key is null)
            {
                refusal = Answer.BadRequest(missing);
                return null;
            }
            var (next, text) = change(key, request.Fields);
            if (next is null)
                refusal = Answer.BadRequest(text!);
            warning = text;
            return next;
        });
        if (refusal is not null)
            return refusal;
        var answer = KeyRoutes.Show(changed!, request);
        return warning is null ? answer : answer with { Warnings = [warning] };
    }

    // A new key, perhaps with a warning; or none and why not.
    private static (TransitKey? Key, string? Text) Configured(TransitKey key, Fields fields)
    {
        string? warning = null;
        var next = key;
        if (fields.Has("min_decryption_version"))
        {
            var version = fields.Integer("min_decryption_version");
            if (version < 0)
                return (null, "min decryption version cannot be negative");
            if (version == 0)
                (version, warning) = (1, "since Vault 0.3, transit key numbering starts at 1; forcing minimum to 1");
            if (version > key.LatestVersion)
                return (null, $"cannot set min decryption version of {version}, latest key version is {key.LatestVersion}");
            next = next with { MinDecryptionVersion = (int)version };
        }
        if (fields.Has("min_encryption_version"))
        {
            var version = fields.Integer("min_encryption_version");
            if (version < 0)
                return (null, "min encryption version cannot be negative");
            if (version > key.LatestVersion)
                return (null, $"cannot set min encryption version of {version}, latest key version is {key.LatestVersion}");
            next = next with { MinEncryptionVersion = (int)version };
        }
        if (next.MinEncryptionVersion > 0 && next.MinEncryptionVersion < next.MinDecryptionVersion)
            return (null, "cannot set min encryption/decryption values; "
                + $"min encryption version of {next.MinEncryptionVersion} must be greater than or equal to "
                + $"min decryption version of {next.MinDecryptionVersion}");
        var period = fields.Seconds("auto_rotate_period");
        if (period is not 0 and < 3600)
            return (null, "auto rotate period must be 0 to disable or at least an hour");
        if (next.MinAvailableVersion > next.MinEncryptionVersion)
            return (null, "min encryption version should not be less than min available version");
        if (next.MinAvailableVersion > next.MinDecryptionVersion)
            return (null, "min decryption version should not be less then min available version");
        next = next with
        {
            DeletionAllowed = fields.Has("deletion_allowed") ? fields.Flag("deletion_allowed") : next.DeletionAllowed,
            Exportable = next.Exportable || fields.Flag("exportable"), // once set, never taken back
            AllowPlaintextBackup = next.AllowPlaintextBackup || fields.Flag("allow_plaintext_backup"),
            AutoRotatePeriod = fields.Has("auto_rotate_period") ? period : next.AutoRotatePeriod,
        };
        return (next, warning);
    }

    private static (TransitKey? Key, string? Text) Trimmed(TransitKey key, Fields fields)
    {
        var version = fields.Integer("min_available_version");
        if (version < key.MinAvailableVersion)
            return (null, "minimum available version cannot be decremented");
        if (key.MinEncryptionVersion == 0)
            return (null, "minimum available version cannot be set when minimum encryption version is not set");
        if (version > key.MinEncryptionVersion)
            return (null, "minimum available version cannot be greater than minmum encryption version");
        if (version > key.MinDecryptionVersion)
            return (null, "minimum available version cannot be greater than minimum decryption version");
        if (version == 0)
            return (null, "minimum available version should be positive");
        return (key with
        {
            MinAvailableVersion = (int)version,
            Versions = key.Versions.Where(v => v.Key >= version).ToDictionary(),
        }, null);
    }
}
