namespace Ledger.Core.Storage;

/// <summary>Where an object is.</summary>
public readonly record struct ObjectName(string Bucket, string Key)
{
    public override string ToString() => $"s3://{Bucket}/{Key}";
}

/// <summary>An object as it was read.</summary>
/// <param name="Version">Its ETag as the storage spells it, which a replacement must name.</param>
public sealed record StoredObject(byte[] Content, string Version);
