using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Ledger.DevHost.Emulators.Go;
using Ledger.DevHost.Emulators.Vault.Answers;
using Ledger.DevHost.Emulators.Vault.Requests;
using Ledger.DevHost.Emulators.Vault.Transit;

namespace Ledger.DevHost.Emulators.Vault.Policies;

/// <summary><c>sys/policies/acl</c> and <c>sys/capabilities-self</c>.</summary>
internal sealed class PolicyRoutes(PolicyStore policies, PolicyCheck check)
{
    private static readonly FrozenDictionary<string, FieldType> PolicyFields =
        new Dictionary<string, FieldType> { ["name"] = FieldType.Text, ["policy"] = FieldType.Text }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, FieldType> PathFields =
        new Dictionary<string, FieldType> { ["paths"] = FieldType.List, ["path"] = FieldType.List }.ToFrozenDictionary();

    public Answer List(VaultRequest request)
    {
        if (request.Operation is not (Operation.List or Operation.Read))
            return Answer.UnsupportedOperation;
        return Answer.Twice(json =>
        {
            json.WriteStartArray("keys");
            foreach (var name in policies.Names)
                json.WriteStringValue(name);
            json.WriteEndArray();
        });
    }

    public Answer On(VaultRequest request, string name)
    {
        name = name.ToLowerInvariant(); // policy names have no case
        switch (request.Operation)
        {
            case Operation.Read:
                if (name != "root" && !policies.Exists(name))
                    return Answer.NotFound;
                return Answer.Of("system", json =>
                {
                    json.WriteStartObject();
                    json.WriteString("name", name);
                    json.WriteString("policy", policies.Text(name) ?? "");
                    json.WriteEndObject();
                });
            case Operation.Update:
                return Declaration.Check(request, PolicyFields, ["name"], () => Put(name, request.Fields.Text("policy")));
            case Operation.Delete:
                if (name is "root" or "default")
                    return Answer.BadRequest($"cannot delete \"{name}\" policy");
                policies.Remove(name);
                return Answer.NoContent;
            default:
                return Answer.UnsupportedOperation;
        }
    }

    public Answer CapabilitiesSelf(VaultRequest request)
    {
        if (request.Operation != Operation.Update)
            return Answer.UnsupportedOperation;
        return Declaration.Check(request, PathFields, [], () =>
        {
            var paths = request.Fields.List("paths");
            if (paths.Count == 0)
                paths = request.Fields.List("path");
            return paths.Count == 0 ? Answer.BadRequest("paths must be supplied") : Answer.Twice(json =>
            {
                foreach (var path in paths)
                    WriteCapabilities(json, path, request, path);
                if (paths.Count == 1)
                    WriteCapabilities(json, "capabilities", request, paths[0]);
            });
        });
    }

    private Answer Put(string name, string text)
    {
        if (text.Length == 0)
            return Answer.BadRequest("'policy' parameter not supplied or empty");
        if (name == "root")
            return Answer.BadRequest("cannot update \"root\" policy");
        if (GoBase64.TryDecode(Encoding.UTF8.GetBytes(text), out var decoded, out _))
            text = Encoding.UTF8.GetString(decoded); // either form is taken
        try
        {
            policies.Put(name, text);
            return Answer.NoContent;
        }
        catch (FormatException e)
        {
            return Answer.BadRequest("failed to parse policy: " + e.Message);
        }
    }

    private void WriteCapabilities(Utf8JsonWriter json, string name, VaultRequest request, string path)
    {
        json.WriteStartArray(name);
        foreach (var capability in check.CapabilitiesOf(request.Token!, path))
            json.WriteStringValue(capability);
        json.WriteEndArray();
    }
}
