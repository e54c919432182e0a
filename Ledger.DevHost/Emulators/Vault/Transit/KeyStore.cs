using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>All transit keys of all mounts: in memory for use, one file each for the next start.</summary>
internal sealed class KeyStore
{
    private readonly string directory;
    private readonly ConcurrentDictionary<(string Mount, string Name), TransitKey> keys = new();
    private readonly Lock gate = new();

    public KeyStore(string stateDirectory)
    {
        directory = Path.Combine(stateDirectory, "keys");
        StateFile.MakeDirectory(directory);
        foreach (var file in Directory.EnumerateFiles(directory, "*.json"))
        {
            var key = StateFile.Read<TransitKey>(file)!;
            keys[(key.Mount, key.Name)] = key;
        }
    }

    public TransitKey? Find(string mount, string name) => keys.GetValueOrDefault((mount, name));

    public IReadOnlyList<string> Names(string mount)
        => [.. keys.Keys.Where(k => k.Mount == mount).Select(k => k.Name).Order(StringComparer.Ordinal)];

    /// <summary>Changes a key, one change at a time; <paramref name="change"/> returns null to leave it as it is.</summary>
    public TransitKey? Change(string mount, string name, Func<TransitKey?, TransitKey?> change)
    {
        lock (gate)
        {
            var changed = change(Find(mount, name));
            if (changed is not null)
            {
                StateFile.Write(FileOf(mount, name), changed);
                keys[(mount, name)] = changed;
            }
            return changed;
        }
    }

    public void Remove(string mount, string name)
    {
        lock (gate)
        {
            File.Delete(FileOf(mount, name));
            keys.TryRemove((mount, name), out _);
        }
    }

    public void RemoveMount(string mount)
    {
        foreach (var name in Names(mount))
            Remove(mount, name);
    }

    // Hashed, because names differ by case and mounts have slashes, and not every file system knows.
    private string FileOf(string mount, string name)
        => Path.Combine(directory, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{mount}\n{name}")))[..32] + ".json");
}
