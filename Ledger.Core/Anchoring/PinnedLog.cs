using Ledger.Verify.Anchoring;
using Ledger.Verify.Signing;

namespace Ledger.Core.Anchoring;

/// <summary>What the options pin of a log, as a verifier wants it. The options must be without faults.</summary>
internal static class PinnedLog
{
    public static TrustedLog Of(RekorLogOptions log)
    {
        if (!PemSetting.TryRead(log.PublicKey!, out var pem, out var fault)) throw new InvalidOperationException($"The log's key {fault}");
        if (!Spki.TryReadPem(pem, out var spki)) throw new InvalidOperationException("The log's key is not a PEM public key.");
        // cosign takes a v2 log's origin from the host of the trusted root's baseUrl, whatever address is dialled.
        var origin = log.Origin is { Length: > 0 } named ? named : log.Url!.Host;
        return new TrustedLog(LogKey.IdOf(origin, spki), origin, spki, DateTimeOffset.UnixEpoch, ValidTo: null);
    }
}
