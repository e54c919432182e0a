using System.Text.Json;
using Ledger.DevHost.Processes;

namespace Ledger.DevHost.Setup;

/// <summary>
/// Loopback ports that stay the same from run to run, so that addresses saved elsewhere stay true: `{"vault":41234,…}`. A port someone
/// else took meanwhile is replaced.
/// </summary>
internal sealed class Ports(StateFolder state)
{
    private readonly string _file = state["ports.json"];

    public int Of(string name)
    {
        var known = File.Exists(_file) ? JsonSerializer.Deserialize<SortedDictionary<string, int>>(File.ReadAllText(_file))! : [];
        if (known.TryGetValue(name, out var port) && FreePort.IsFree(port))
            return port;
        known[name] = FreePort.Next();
        PrivateFile.Write(_file, JsonSerializer.Serialize(known));
        return known[name];
    }
}
