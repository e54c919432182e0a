using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Anchoring;

/// <summary>
/// trusted_root.json, read. https://github.com/sigstore/protobuf-specs/blob/main/protos/sigstore_trustroot.proto
/// Certificate authorities and CT logs are for signatures made with certificates: they must be well formed, and are passed over. So are
/// logs whose key this verifier cannot use, since it cannot judge an entry of theirs.
/// </summary>
/*
{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1",
 "tlogs":[{"baseUrl":"https://rekor2.loopback.test","hashAlgorithm":"SHA2_256",
  "publicKey":{"rawBytes":"MCow…","keyDetails":"PKIX_ED25519","validFor":{"start":"2020-01-01T00:00:00Z"}},"logId":{"keyId":"FT2x…"}}],
 "certificateAuthorities":[], "ctlogs":[],
 "timestampAuthorities":[{"subject":{"organization":"throwaway","commonName":"rekor2 golden TSA"},"uri":"https://tsa.loopback.test",
  "certChain":{"certificates":[{"rawBytes":"MIIB…"},{"rawBytes":"MIIB…"}]},"validFor":{"start":"2020-01-01T00:00:00Z"}}]}
*/
internal static class TrustedRootJson
{
    public const string MediaType = "application/vnd.dev.sigstore.trustedroot+json;version=0.1";

    public static bool TryRead(ReadOnlySpan<byte> json, [NotNullWhen(true)] out TrustedRoot? root)
    {
        root = null;
        if (!ProtoJson.TryParse(json, Limits.TrustedRootBytes, out var file)) return false;
        var rightType = file.Text("mediaType") == MediaType;
        var logs = new Dictionary<Digest, TrustedLog?>();
        var order = new List<Digest>();
        var sound = rightType;
        foreach (var item in file.Children("tlogs"))
        {
            sound &= TryReadLog(item, out var id, out var log);
            // Of two logs of one id cosign believes the last.
            if (!logs.ContainsKey(id)) order.Add(id);
            logs[id] = log;
        }

        foreach (var item in file.Children("ctlogs")) sound &= TryReadLog(item, out _, out _);
        foreach (var item in file.Children("certificateAuthorities")) sound &= ReadAuthority(item) is not null;
        var authorities = file.Children("timestampAuthorities").Select(ReadAuthority).ToArray();
        if (!file.Complete() || !sound || authorities.Contains(null)) return false;
        var usable = order.Select(id => logs[id]).OfType<TrustedLog>();
        root = new TrustedRoot([.. usable], [.. authorities.OfType<TrustedTimestampAuthority>()]);
        return true;
    }

    /// <summary>True with a null log for a key that others can use and this verifier cannot.</summary>
    private static bool TryReadLog(ProtoJson item, out Digest id, out TrustedLog? log)
    {
        (id, log) = (default, null);
        var (url, hash) = (item.Text("baseUrl"), item.Enum("hashAlgorithm", ProtoEnums.HashAlgorithms));
        var logId = item.Child("logId")?.Bytes("keyId");
        item.Child("checkpointKeyId")?.Bytes("keyId");
        item.Text("operator");
        var key = item.Child("publicKey");
        var (spki, details) = (key?.Bytes("rawBytes"), key?.Enum("keyDetails", ProtoEnums.KeyDetails));
        var (from, to) = Range(key?.Child("validFor"));
        if (hash != ProtoEnums.Sha256 || logId is not { Length: Digest.Size } || spki is null || from is not { } start) return false;
        id = new Digest(logId);
        var isOurs = details switch
        {
            ProtoEnums.EcdsaP256 or "PKIX_ECDSA_P384_SHA_384" or "PKIX_ECDSA_P521_SHA_512" =>
                EcdsaP256.IsKey(spki) && LogKey.IsSupported(spki),
            ProtoEnums.Ed25519 => Spki.TryReadEd25519(spki, out _),
            _ => false,
        };
        if (isOurs) log = new TrustedLog(id, BaseUrl.HostOf(url), spki, start, to);
        return isOurs || IsUsableElsewhere(details, spki);
    }

    /// <summary>Keys that cosign takes for a log beside the two kinds that are taken here; like there, whatever curve the details
    /// name.</summary>
    private static bool IsUsableElsewhere(string? details, byte[] spki) => details switch
    {
        ProtoEnums.EcdsaP256 or "PKIX_ECDSA_P384_SHA_384" or "PKIX_ECDSA_P521_SHA_512" => OtherLogKeys.IsEcdsa(spki),
        "PKIX_RSA_PKCS1V15_2048_SHA256" or "PKIX_RSA_PKCS1V15_3072_SHA256" or "PKIX_RSA_PKCS1V15_4096_SHA256" => OtherLogKeys.IsRsa(spki),
        "PKCS1_RSA_PKCS1V5" => OtherLogKeys.IsBareRsa(spki),
        _ => false,
    };

    private static TrustedTimestampAuthority? ReadAuthority(ProtoJson item)
    {
        var subject = item.Child("subject");
        subject?.Text("organization");
        subject?.Text("commonName");
        item.Text("operator");
        var uri = item.Text("uri");
        var certificates = item.Child("certChain")?.Children("certificates").Select(one => one.Bytes("rawBytes")).ToArray();
        var (from, to) = Range(item.Child("validFor"));
        return certificates is { Length: > 0 } && certificates.All(IsCertificate)
            ? new TrustedTimestampAuthority(uri, [.. certificates.OfType<byte[]>()], from ?? DateTimeOffset.MinValue, to)
            : null;
    }

    private static (DateTimeOffset? From, DateTimeOffset? To) Range(ProtoJson? validFor) =>
        (validFor?.Time("start"), validFor?.Time("end"));

    private static bool IsCertificate(byte[]? der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der ?? []);
            // A point that is not on its curve is no key; the platform looks at it only when asked.
            certificate.GetECDsaPublicKey()?.Dispose();
            return certificate.RawData.AsSpan().SequenceEqual(der);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
