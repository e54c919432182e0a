using System.Globalization;
using Ledger.Verify.Json;
using Ledger.Verify.Signing;

namespace Ledger.Verify.Anchoring;

/// <summary>trusted_root.json, written: the shape of <see cref="TrustedRootJson"/> in RFC 8785 form.</summary>
internal static class TrustedRootWriter
{
    public static byte[] Write(TrustedRoot root)
    {
        var json = new JcsWriter(4096);
        json.StartObject();
        Empty(ref json, "certificateAuthorities"u8);
        Empty(ref json, "ctlogs"u8);
        json.Name("mediaType"u8);
        json.Text(TrustedRootJson.MediaType);
        json.Name("timestampAuthorities"u8);
        json.StartArray();
        foreach (var authority in root.TimestampAuthorities) Write(ref json, authority);
        json.EndArray();
        json.Name("tlogs"u8);
        json.StartArray();
        foreach (var log in root.Logs) Write(ref json, log);
        json.EndArray();
        json.EndObject();
        return json.Finish();
    }

    private static void Write(ref JcsWriter json, TrustedLog log)
    {
        json.StartObject();
        json.Name("baseUrl"u8);
        json.Text("https://" + (log.Origin.Contains(':') ? $"[{log.Origin}]" : log.Origin));
        json.Name("hashAlgorithm"u8);
        json.Text(ProtoEnums.Sha256);
        json.Name("logId"u8);
        json.StartObject();
        json.Name("keyId"u8);
        json.Base64(log.LogId.ToArray());
        json.EndObject();
        json.Name("publicKey"u8);
        json.StartObject();
        json.Name("keyDetails"u8);
        json.Text(Spki.TryReadEd25519(log.Spki, out _) ? ProtoEnums.Ed25519 : ProtoEnums.EcdsaP256);
        json.Name("rawBytes"u8);
        json.Base64(log.Spki);
        Write(ref json, log.ValidFrom, log.ValidTo);
        json.EndObject();
        json.EndObject();
    }

    private static void Write(ref JcsWriter json, TrustedTimestampAuthority authority)
    {
        json.StartObject();
        json.Name("certChain"u8);
        json.StartObject();
        json.Name("certificates"u8);
        json.StartArray();
        foreach (var certificate in authority.Certificates)
        {
            json.StartObject();
            json.Name("rawBytes"u8);
            json.Base64(certificate);
            json.EndObject();
        }

        json.EndArray();
        json.EndObject();
        if (authority.Uri.Length > 0)
        {
            json.Name("uri"u8);
            json.Text(authority.Uri);
        }

        Write(ref json, authority.ValidFrom, authority.ValidTo);
        json.EndObject();
    }

    private static void Write(ref JcsWriter json, DateTimeOffset from, DateTimeOffset? to)
    {
        json.Name("validFor"u8);
        json.StartObject();
        if (to is { } end)
        {
            json.Name("end"u8);
            json.Text(Time(end));
        }

        json.Name("start"u8);
        json.Text(Time(from));
        json.EndObject();
    }

    private static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private static void Empty(ref JcsWriter json, ReadOnlySpan<byte> name)
    {
        json.Name(name);
        json.StartArray();
        json.EndArray();
    }
}
