using Ledger.DevHost.Emulators.S3.Answers;
using Ledger.DevHost.Emulators.S3.Buckets;
using Ledger.DevHost.Emulators.S3.Lists;
using Ledger.DevHost.Emulators.S3.Requests;

namespace Ledger.DevHost.Emulators.S3.Multipart;

/// <summary>?uploads of a bucket. A prefix is the exact key: a folder's name lists nothing, as with the real server.</summary>
internal static class UploadList
{
    private const int Most = 10_000;

    public static byte[] Of(S3Request request, Bucket bucket)
    {
        var list = new ListQuery(request);
        var uploads = bucket.Uploads.Where(u => list.Prefix.Length == 0 || u.Key == list.Prefix).Take(Most);
        return S3Xml.Document("ListMultipartUploadsResult", xml =>
        {
            xml.Text("Bucket", bucket.Name).Text("KeyMarker", list.Shown(request.Query["key-marker"] ?? ""));
            xml.Text("UploadIdMarker", request.Query["upload-id-marker"] ?? "").Text("NextKeyMarker", "").Text("NextUploadIdMarker", "");
            xml.Optional("Delimiter", list.Delimiter.Length == 0 ? null : list.Shown(list.Delimiter));
            xml.Text("Prefix", list.Shown(list.Prefix)).Text("MaxUploads", Most).Text("IsTruncated", false);
            foreach (var upload in uploads)
                xml.Element("Upload", item => Write(item, list.Shown(upload.Key), upload));
            xml.Optional("EncodingType", list.Encoding);
        });
    }

    private static void Write(S3Xml xml, string key, Upload upload)
    {
        xml.Text("Key", key).Text("UploadId", upload.Id);
        Owner.Write(xml, "Initiator", "", "");
        Owner.Write(xml, "Owner", "", "");
        xml.Text("StorageClass", "").Time("Initiated", upload.Created);
    }
}
