using System.Globalization;
using Ledger.DevHost.Emulators.Vault.Answers;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary><c>:mount/export/public-key/:name[/:version]</c>; private keys never leave.</summary>
internal sealed class ExportRoute(KeyStore keys)
{
    public Answer Read(string mount, string kind, string name, string? version)
    {
        if (kind is not ("public-key" or "signing-key" or "encryption-key" or "hmac-key"))
            return Answer.BadRequest($"invalid export type: {kind}");
        var key = keys.Find(mount, name);
        if (key is null)
            return Answer.NotFound;
        if (kind != "public-key")
            return Answer.BadRequest("private key material is not exportable");
        if (!key.Type.Signs)
            return Answer.Wrapped(500, $"unknown key type {key.TypeName} for export type public-key");
        var wanted = key.MinDecryptionVersion;
        var last = key.LatestVersion;
        if (version == "latest")
            wanted = last;
        else if (version is not null)
        {
            if (!int.TryParse(version, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out wanted))
                return Answer.BadRequest("invalid key version");
            if (wanted < key.MinDecryptionVersion)
                return Answer.BadRequest("version for export is below minimum decryption version");
            if (!key.Versions.ContainsKey(wanted))
                return Answer.BadRequest("version does not exist or cannot be found");
            last = wanted;
        }
        return Answer.Of("transit", json =>
        {
            json.WriteStartObject();
            json.WriteStartObject("keys");
            foreach (var (number, v) in key.Versions.Where(v => v.Key >= wanted && v.Key <= last).OrderBy(v => v.Key))
                json.WriteString(number.ToString(CultureInfo.InvariantCulture),
                    v.Material(key.Type, swapped: false).PublicKey.TrimEnd('\n'));
            json.WriteEndObject();
            json.WriteString("name", name);
            json.WriteString("type", key.TypeName);
            json.WriteEndObject();
        });
    }
}
