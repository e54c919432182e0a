using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Tenancy;

/// <summary>Which tokens and API keys this process let in lately. It opens nothing: each is checked again with every request. It says whose
/// check is worth its cost.</summary>
/// <param name="most">Kept twice at most: when so many are new, those not seen since the last time are dropped.</param>
internal sealed class AcceptedTokens(int most = AcceptedTokens.Most)
{
    public const int Most = 50_000;

    // Nobody can make a token that is taken for another, and no token can be read out of the memory.
    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private readonly Lock gate = new();

    private ConcurrentDictionary<UInt128, byte> young = new(), old = new();
    private int added;

    /// <param name="authorization">The header's value.</param>
    public UInt128 NameOf(string authorization) =>
        BinaryPrimitives.ReadUInt128BigEndian(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(authorization)));

    public bool Contains(UInt128 name) => young.ContainsKey(name) || old.ContainsKey(name);

    public void Add(UInt128 name)
    {
        if (!young.TryAdd(name, 0) || Interlocked.Increment(ref added) < most) return;
        lock (gate)
        {
            if (added < most) return;
            (old, young, added) = (young, new(), 0);
        }
    }

    /// <summary>It was refused: expired, revoked, or never good.</summary>
    public void Remove(UInt128 name)
    {
        young.TryRemove(name, out _);
        old.TryRemove(name, out _);
    }
}
