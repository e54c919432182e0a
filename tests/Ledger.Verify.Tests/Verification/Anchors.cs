using System.Text;
using Ledger.Verify.Anchoring;
using Ledger.Verify.Tests.Anchoring;
using Ledger.Verify.Verification;

namespace Ledger.Verify.Tests.Verification;

/// <summary>Anchors of a <see cref="VirtualLedger"/> in <see cref="VirtualLog"/>s, and the trust files that believe them.</summary>
internal static class Anchors
{
    /// <summary>The anchor of a size as bundles and exports carry it; logs it first.</summary>
    public static byte[] AnchorAt(this VirtualLedger ledger, VirtualLog log, long size, VirtualTsa? tsa = null) =>
        VirtualAnchor.Of(log, ledger.AnchorKey, ledger.BodyAt(size), tsa).ToBytes();

    /// <summary>The payload anchor of an entry.</summary>
    public static byte[] PayloadAnchor(this VirtualLedger ledger, VirtualLog log, string payload) =>
        VirtualAnchor.Of(log, ledger.PayloadKey, Encoding.UTF8.GetBytes(payload)).ToBytes();

    /// <summary>A trust file of these ledgers' logs that believes these transparency logs.</summary>
    public static TrustFile TrustIn(this VirtualLedger ledger, IReadOnlyList<VirtualLog> logs, params VirtualTsa[] tsas) =>
        Trust([ledger], logs, tsas);

    public static TrustFile Trust(IReadOnlyList<VirtualLedger> ledgers, IReadOnlyList<VirtualLog> logs, params VirtualTsa[] tsas) => new(
        [.. ledgers.Select(ledger => ledger.TrustedLog() with { PayloadKeys = [ledger.PayloadKey.Pem] })],
        TrustPolicy.Default,
        new TrustedRoot([.. logs.Select(log => log.Trusted)], [.. tsas.Select(tsa => tsa.Trusted)]));

    /// <summary>An anchor as a file of an export, under the name that it must have there.</summary>
    public static Dictionary<string, byte[]> Files(long position, byte[] anchor, bool ofPayload = false)
    {
        Assert.True(SigstoreBundle.TryParse(anchor, out var bundle, out _));
        var (log, index) = (bundle.Entries[0].LogId.ToHex(), bundle.Entries[0].LogIndex);
        var path = ofPayload ? ExportLayout.PayloadAnchorOf(position, log, index) : ExportLayout.AnchorOf(position, log, index);
        return new Dictionary<string, byte[]> { [path] = anchor };
    }

    public static void PutAnchor(this IDictionary<string, byte[]> export, long size, byte[] anchor)
    {
        foreach (var (path, content) in Files(size, anchor)) export[path] = content;
    }

    public static void PutPayloadAnchor(this IDictionary<string, byte[]> export, long seq, byte[] anchor)
    {
        foreach (var (path, content) in Files(seq, anchor, ofPayload: true)) export[path] = content;
    }
}
