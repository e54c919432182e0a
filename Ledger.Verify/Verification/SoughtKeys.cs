using System.Text;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Verification;

/// <summary>The keys under which a sweep looks for entries: anchor keys of the trust file, never what a server names.</summary>
internal sealed class SoughtKeys
{
    private readonly IReadOnlyList<byte[]> _spellings;

    private SoughtKeys(IReadOnlyList<string> pems)
    {
        Pems = pems;
        Hints = new AnchorKeys(pems, []).Hints.ToHashSet();
        _spellings = [.. pems.SelectMany(Spellings)];
    }

    public IReadOnlyList<string> Pems { get; }

    /// <summary>What names each of them in a Sigstore bundle.</summary>
    public IReadOnlySet<string> Hints { get; }

    /// <summary>All keys that may sign anchors of these logs.</summary>
    public static SoughtKeys Of(IEnumerable<TrustLog> logs) => new([.. logs.SelectMany(log => log.AnchorKeys).Distinct()]);

    /// <summary>Whether one of the keys is in a body that nobody here can read: it could be ours.</summary>
    public bool MayBeIn(byte[] body) => _spellings.Any(spelling => body.AsSpan().IndexOf(spelling) >= 0);

    /// <summary>As v2 writes a key, and as v1 does; without the last four letters, where a PEM's final line feed shows.</summary>
    private static IEnumerable<byte[]> Spellings(string pem)
    {
        if (!Spki.TryReadPem(pem, out var spki)) yield break;
        yield return Encoding.ASCII.GetBytes(CanonicalBase64.Encode(spki)[..^4]);
        yield return Encoding.ASCII.GetBytes(CanonicalBase64.Encode(Encoding.ASCII.GetBytes(pem.TrimEnd()))[..^4]);
    }
}
