using System.Globalization;
using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Multipart;

/// <summary>GET ?uploadId of an object: the parts that have come.</summary>
internal static class PartList
{
    private const int Most = 10_000;

    public static byte[] Of(S3Request request, Bucket bucket)
    {
        var upload = bucket.Uploads.Find(request.Key, request.Query["uploadId"]!);
        var (after, max) = (Number(request, "part-number-marker", 0), Math.Min(Number(request, "max-parts", Most), Most));
        var later = bucket.Uploads.PartsOf(upload).Where(p => p.Number > after).ToList();
        var shown = later.Take(max).ToList();
        var more = later.Count > shown.Count && max > 0;
        return S3Xml.Document("ListPartsResult", xml =>
        {
            xml.Text("Bucket", bucket.Name).Text("Key", upload.Key).Text("UploadId", upload.Id);
            Owner.Write(xml, "Initiator", name: Owner.Id);
            Owner.Write(xml, "Owner", name: Owner.Id);
            xml.Text("StorageClass", upload.StorageClass).Text("PartNumberMarker", after);
            xml.Text("NextPartNumberMarker", more ? shown[^1].Number : 0).Text("MaxParts", max).Text("IsTruncated", more);
            xml.Text("ChecksumAlgorithm", upload.Algorithm ?? "").Text("ChecksumType", upload.ChecksumType ?? "");
            foreach (var part in shown)
                xml.Element("Part", p =>
                {
                    p.Text("PartNumber", part.Number).Time("LastModified", part.Modified).Text("ETag", $"\"{part.ETag}\"");
                    p.Text("Size", part.Size);
                    part.Checksum?.WriteTo(p);
                });
        });
    }

    private static int Number(S3Request request, string name, int otherwise)
        => request.Query[name] is not { Length: > 0 } text ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw S3Error.InvalidArgument($"{name} is a number, not less than 0.").Refuse();
}
