using System.Security.Cryptography;
using Ledger.DevHost.Emulators.Vault.Answers;

namespace Ledger.DevHost.Emulators.Vault.Sys;

/// <summary>What is mounted where, kept over a restart. A dev server has no transit engine until somebody enables one.</summary>
internal sealed class MountTable
{
    private readonly string file;
    private readonly Lock gate = new();
    private List<Mount> mounts;

    public MountTable(string stateDirectory)
    {
        file = Path.Combine(stateDirectory, "mounts.json");
        mounts = StateFile.Read<List<Mount>>(file) ??
        [
            Make("cubbyhole/", "cubbyhole", "per-token private secret storage") with { BuiltIn = true },
            Make("identity/", "identity", "identity store") with { BuiltIn = true },
            Make("secret/", "kv", "key/value secret storage"),
            Make("sys/", "system", "system endpoints used for control, policy and debugging") with { BuiltIn = true },
        ];
    }

    public IReadOnlyList<Mount> All => mounts;

    public Mount? Find(string path) => mounts.FirstOrDefault(m => m.Path == path);

    /// <summary>The mount that a request's path is below, or null.</summary>
    public Mount? Holding(string path)
        => mounts.Where(m => path.StartsWith(m.Path, StringComparison.Ordinal)).MaxBy(m => m.Path.Length);

    public static Mount Make(string path, string type, string description) => new()
    {
        Path = path,
        Type = type,
        Description = description,
        Accessor = $"{type}_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}",
        Uuid = AnswerWriter.NewId(),
    };

    /// <summary>The path already in use that stands in the way, or null when it is mounted.</summary>
    public string? Add(Mount mount)
    {
        lock (gate)
        {
            var rival = mounts.FirstOrDefault(m =>
                m.Path.StartsWith(mount.Path, StringComparison.Ordinal) || mount.Path.StartsWith(m.Path, StringComparison.Ordinal));
            if (rival is null)
                Save([.. mounts, mount]);
            return rival?.Path;
        }
    }

    public void Remove(Mount mount)
    {
        lock (gate)
            Save([.. mounts.Where(m => m != mount)]);
    }

    private void Save(List<Mount> changed)
    {
        StateFile.Write(file, changed);
        mounts = changed;
    }
}
