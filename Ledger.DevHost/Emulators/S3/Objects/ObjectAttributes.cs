using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Objects;

/// <summary>?attributes of an object: those that x-amz-object-attributes names.</summary>
internal static class ObjectAttributes
{
    private const string Header = "x-amz-object-attributes";

    public static byte[] Of(S3Request request, Bucket bucket)
    {
        var version = GetObject.Present(bucket.Find(request.Key, GetObject.VersionOf(request)), request);
        var asked = (request.Header(Header) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (asked.Length == 0)
            throw new S3Refusal(S3Error.InvalidArgument($"{Header} names at least one."))
            {
                Fields = [("ArgumentName", Header), ("ArgumentValue", "")],
            };
        request.SetHeader("Last-Modified", version.Modified.ToString("r", System.Globalization.CultureInfo.InvariantCulture));
        request.SetHeader("x-amz-version-id", version.IsNull ? null : version.Id);
        return S3Xml.Document("getObjectAttributesResponse", xml =>
        {
            if (asked.Contains("ETag"))
                xml.Text("ETag", version.ETag);
            // A composite is shown here without the number of its parts.
            if (asked.Contains("Checksum") && version.Checksum is { } checksum)
                xml.Element("Checksum", c => (checksum with { Parts = 0 }).WriteTo(c, checksum.Type));
            if (asked.Contains("ObjectParts"))
                xml.Element("ObjectParts", parts => Parts(parts, version));
            if (asked.Contains("StorageClass"))
                xml.Text("StorageClass", version.StorageClass);
            if (asked.Contains("ObjectSize"))
                xml.Text("ObjectSize", version.Size);
        });
    }

    private static void Parts(S3Xml xml, ObjectVersion version)
    {
        IReadOnlyList<ObjectPart> parts = version.Parts.Count > 0 ? version.Parts : [new ObjectPart(1, version.Size, null)];
        xml.Text("IsTruncated", false).Text("MaxParts", 10_000).Text("NextPartNumberMarker", parts[^1].Number).Text("PartNumberMarker", 0);
        xml.Text("PartsCount", parts.Count);
        foreach (var part in parts)
            xml.Element("Part", p =>
            {
                p.Text("PartNumber", part.Number).Text("Size", part.Size);
                part.Checksum?.WriteTo(p);
            });
    }
}
