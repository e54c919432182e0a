using System.Text.Json.Serialization;

namespace Ledger.DevHost.Emulators.Vault.Transit;

/// <summary>One version of a key.</summary>
internal sealed record KeyVersion(DateTimeOffset CreatedAt, byte[] Secret)
{
    private readonly Lazy<KeyMaterial>?[] materials = new Lazy<KeyMaterial>?[2]; // its own and the one a fault puts in its place

    /// <summary>What it signs with; <paramref name="swapped"/>: another key that took its place, as the fault wants it.</summary>
    public KeyMaterial Material(KeyType type, bool swapped)
    {
        ref var material = ref materials[swapped ? 1 : 0];
        if (material is null)
            Interlocked.CompareExchange(ref material,
                new Lazy<KeyMaterial>(() => KeyMaterial.Of(type, swapped ? KeyMaterial.Generate(type) : Secret)), null);
        return material.Value;
    }
}

/// <summary>A transit key as it is now; each change makes a new one.</summary>
internal sealed record TransitKey
{
    public required string Mount { get; init; }
    public required string Name { get; init; }
    public required string TypeName { get; init; }
    public IReadOnlyDictionary<int, KeyVersion> Versions { get; init; } = new Dictionary<int, KeyVersion>();
    public int MinDecryptionVersion { get; init; } = 1;
    public int MinEncryptionVersion { get; init; }
    public int MinAvailableVersion { get; init; }
    public bool DeletionAllowed { get; init; }
    public bool Exportable { get; init; }
    public bool AllowPlaintextBackup { get; init; }
    public long AutoRotatePeriod { get; init; }

    [JsonIgnore]
    public KeyType Type => KeyType.Find(TypeName) ?? throw new InvalidDataException($"a stored key of type {TypeName}");

    [JsonIgnore]
    public int LatestVersion => Versions.Keys.Max();

    public TransitKey Rotated(DateTimeOffset now)
    {
        var next = new KeyVersion(now, KeyMaterial.Generate(Type));
        return this with { Versions = new Dictionary<int, KeyVersion>(Versions) { [Versions.Keys.DefaultIfEmpty(0).Max() + 1] = next } };
    }
}
