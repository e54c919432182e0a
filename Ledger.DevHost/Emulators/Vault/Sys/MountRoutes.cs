using System.Collections.Frozen;
using System.Text.Json;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;
using Ledger.DevHost.Emulators.Vault.Transit;

namespace Ledger.DevHost.Emulators.Vault.Sys;

/// <summary><c>sys/mounts</c>: list, read, read tune, enable, disable.</summary>
internal sealed class MountRoutes(MountTable mounts, KeyStore keys)
{
    private const long SystemTtl = 2_764_800; // 768 h

    private static readonly FrozenDictionary<string, FieldType> Declared = new Dictionary<string, FieldType>
    {
        ["path"] = FieldType.Text,
        ["type"] = FieldType.Text,
        ["description"] = FieldType.Text,
        ["config"] = FieldType.Any,
        ["local"] = FieldType.Flag,
        ["seal_wrap"] = FieldType.Flag,
        ["external_entropy_access"] = FieldType.Flag,
        ["plugin_name"] = FieldType.Text,
        ["plugin_version"] = FieldType.Text,
        ["options"] = FieldType.Any,
    }.ToFrozenDictionary();

    public Answer List(VaultRequest request) => request.Operation != Operation.Read ? Answer.UnsupportedOperation : Answer.Twice(json =>
    {
        foreach (var mount in mounts.All)
            Write(json, mount.Path, mount);
    });

    public Answer On(VaultRequest request, string path)
    {
        if (path.EndsWith("/tune", StringComparison.Ordinal))
            return request.Operation == Operation.Read ? Tune(path[..^"/tune".Length] + "/") : Answer.UnsupportedOperation;
        path = path.TrimEnd('/') + "/";
        return request.Operation switch
        {
            Operation.Read => mounts.Find(path) is { } mount
                ? Answer.Twice(json => WriteMembers(json, mount))
                : Answer.BadRequest($"No secret engine mount at {path}"),
            Operation.Update => Declaration.Check(request, Declared, ["path"], () => Enable(request, path)),
            Operation.Delete => Disable(path),
            _ => Answer.UnsupportedOperation,
        };
    }

    private Answer Enable(VaultRequest request, string path)
    {
        var type = request.Fields.Text("type");
        if (type.Length == 0)
            return Answer.BadRequest("backend type must be specified as a string");
        if (type is not ("transit" or "kv"))
            return Answer.BadRequest($"plugin not found in the catalog: {type}");
        var (defaultTtl, maxTtl) = Ttls(request.Fields.Raw("config"));
        var mount = MountTable.Make(path, type, request.Fields.Text("description")) with
        {
            DefaultLeaseTtl = defaultTtl,
            MaxLeaseTtl = maxTtl,
        };
        return mounts.Add(mount) is { } rival ? Answer.BadRequest($"path is already in use at {rival}") : Answer.NoContent;
    }

    private Answer Disable(string path)
    {
        if (mounts.Find(path) is not { } mount)
            return Answer.NoContent; // nothing there is as good as disabled
        if (mount.BuiltIn)
            return Answer.BadRequest($"cannot unmount \"{path}\"");
        mounts.Remove(mount);
        keys.RemoveMount(path);
        return Answer.NoContent;
    }

    private Answer Tune(string path)
    {
        if (mounts.Find(path) is not { } mount)
            return Answer.BadRequest($"cannot fetch sysview for path \"{path}\"");
        return Answer.Twice(json =>
        {
            json.WriteNumber("default_lease_ttl", mount.DefaultLeaseTtl > 0 ? mount.DefaultLeaseTtl : SystemTtl);
            json.WriteString("description", mount.Description);
            json.WriteBoolean("force_no_cache", false);
            json.WriteNumber("max_lease_ttl", mount.MaxLeaseTtl > 0 ? mount.MaxLeaseTtl : SystemTtl);
        });
    }

    private static (long Default, long Max) Ttls(ReadOnlyMemory<byte> config)
    {
        if (config.IsEmpty || config.Span[0] != (byte)'{')
            return (0, 0);
        var fields = Fields.FromJson(config);
        return (fields.Seconds("default_lease_ttl"), fields.Seconds("max_lease_ttl"));
    }

    private static void Write(Utf8JsonWriter json, string name, Mount mount)
    {
        json.WriteStartObject(name);
        WriteMembers(json, mount);
        json.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter json, Mount mount)
    {
        json.WriteString("accessor", mount.Accessor);
        json.WriteStartObject("config");
        json.WriteNumber("default_lease_ttl", mount.DefaultLeaseTtl);
        json.WriteBoolean("force_no_cache", false);
        json.WriteNumber("max_lease_ttl", mount.MaxLeaseTtl);
        if (mount.Type is "system" or "identity")
        {
            json.WriteStartArray("passthrough_request_headers");
            json.WriteStringValue(mount.Type == "system" ? "Accept" : "Authorization");
            json.WriteEndArray();
        }
        json.WriteEndObject();
        if (!mount.BuiltIn)
            json.WriteString("deprecation_status", "supported");
        json.WriteString("description", mount.Description);
        json.WriteBoolean("external_entropy_access", false);
        json.WriteBoolean("local", mount.Type == "cubbyhole");
        WriteOptions(json, mount);
        json.WriteString("plugin_version", "");
        json.WriteString("running_plugin_version", mount.Type == "kv" ? "v0.25.0+builtin" : $"v{HealthRoute.Version}+builtin.vault");
        json.WriteString("running_sha256", "");
        json.WriteBoolean("seal_wrap", mount.Type == "system");
        json.WriteString("type", mount.Type);
        json.WriteString("uuid", mount.Uuid);
    }

    private static void WriteOptions(Utf8JsonWriter json, Mount mount)
    {
        if (mount.BuiltIn)
        {
            json.WriteNull("options");
            return;
        }
        json.WriteStartObject("options");
        if (mount.Type == "kv")
            json.WriteString("version", "2");
        json.WriteEndObject();
    }
}
